/**
 * The configuration: typed mapping interfaces, one a feature, and their translation into the records that the features
 * take.
 */
package dev.stowage.config;
