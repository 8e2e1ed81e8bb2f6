/** {@code stowage scan}: what runs in a cluster, and on which platforms it could, with nothing installed there. */
package dev.stowage.cli.scan;
