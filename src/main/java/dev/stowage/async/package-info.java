/** Deadlines, cancellation and the composition of futures that can be cancelled as a whole. */
package dev.stowage.async;
