/** Backoff, circuit breaker, concurrency and rate limits for each host. */
@NullMarked
package dev.stowage.registry.resilience;

import org.jspecify.annotations.NullMarked;
