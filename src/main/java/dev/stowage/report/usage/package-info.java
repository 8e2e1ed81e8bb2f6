/** Which workloads use which image. */
package dev.stowage.report.usage;
