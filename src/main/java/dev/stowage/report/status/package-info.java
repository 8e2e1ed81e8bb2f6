/** The status of a report, computed from what was observed. */
package dev.stowage.report.status;
