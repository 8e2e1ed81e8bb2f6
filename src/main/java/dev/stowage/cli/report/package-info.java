/** {@code stowage report}: a summary of a cluster from its ImageReports. */
package dev.stowage.cli.report;
