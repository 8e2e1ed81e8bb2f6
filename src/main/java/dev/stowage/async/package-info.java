/** Deadlines, cancellation, futures that can be cancelled as a whole, fair queues, daemon threads, causes of failures. */
@NullMarked
package dev.stowage.async;

import org.jspecify.annotations.NullMarked;
