/**
 * Informers that keep the few facts Stowage decides on in memory, so that an admission never waits for the API server.
 */
package dev.stowage.cluster.watch;
