/** The cluster of a kubeconfig, read once for a command. */
package dev.stowage.cli.cluster;
