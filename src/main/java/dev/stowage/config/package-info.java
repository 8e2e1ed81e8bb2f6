/**
 * The configuration: typed mapping interfaces, one a feature, and their translation into the records that the features
 * take.
 */
@NullMarked
package dev.stowage.config;

import org.jspecify.annotations.NullMarked;
