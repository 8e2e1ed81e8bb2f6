/** Denials and warnings in words. */
@NullMarked
package dev.stowage.message;

import org.jspecify.annotations.NullMarked;
