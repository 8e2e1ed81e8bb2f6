/** {@code stowage check}: whether images run on the nodes of a cluster or on given platforms. */
package dev.stowage.cli.check;
