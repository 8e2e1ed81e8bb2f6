/** Writes to ImageReports, and what came of them. */
package dev.stowage.report.write;
