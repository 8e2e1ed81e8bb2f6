/** The use of images by workloads. */
package dev.stowage.report.usage;
