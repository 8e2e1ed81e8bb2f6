/** A cluster's ImageReports summed up, for people: which image runs on which platform, and what is in the way of another one. */
package dev.stowage.report.summary;
