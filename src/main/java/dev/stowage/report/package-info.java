/** ImageReports: what images run in a cluster, on which platforms they do, and the operator that keeps saying so. */
package dev.stowage.report;
