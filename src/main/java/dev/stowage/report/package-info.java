/** The operator that maintains ImageReports, and the verdicts that a starting replica takes from them. */
package dev.stowage.report;
