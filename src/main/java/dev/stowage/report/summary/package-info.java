/** ImageReports of a cluster, summed up. */
package dev.stowage.report.summary;
