/** Single HTTP exchanges: endpoints, redirects, bounds on bodies, network errors. */
package dev.stowage.registry.transport;
