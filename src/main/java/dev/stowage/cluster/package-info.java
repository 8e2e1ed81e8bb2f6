/**
 * What Stowage reads from a Kubernetes cluster, kept in memory by informers so that an admission never waits for the API server.
 * The Kubernetes client and its model stop here: the others see records.
 */
package dev.stowage.cluster;
