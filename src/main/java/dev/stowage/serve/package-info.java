/** The running webhook: beans, TLS, readiness, warm-up and shutdown on the server of Quarkus. */
package dev.stowage.serve;
