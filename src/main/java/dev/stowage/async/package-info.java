/** Deadlines, cancellation, futures that can be cancelled as a whole, daemon threads, causes of failures. */
package dev.stowage.async;
