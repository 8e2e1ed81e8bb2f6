/** Reading JSON objects field by field. */
@NullMarked
package dev.stowage.json;

import org.jspecify.annotations.NullMarked;
