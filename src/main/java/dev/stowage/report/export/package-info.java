/** ImageReports as reports of the Kubernetes Policy Working Group: OpenReports and PolicyReports. */
package dev.stowage.report.export;
