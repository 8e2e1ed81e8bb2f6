/** Backoff, circuit breaker, concurrency and rate limits for each host. */
package dev.stowage.registry.resilience;
