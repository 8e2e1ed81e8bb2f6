/** Serving: the webhook's HTTPS server, what it needs to be ready, and the application that Quarkus runs. */
package dev.stowage.serve;
