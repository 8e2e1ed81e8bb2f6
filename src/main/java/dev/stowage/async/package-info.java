/** Deadlines, cancellation and the composition of futures that can be cancelled as a whole. */
@NullMarked
package dev.stowage.async;

import org.jspecify.annotations.NullMarked;
