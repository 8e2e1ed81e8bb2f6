/** Scans of images for reports: the queue and when an image is scanned again. */
package dev.stowage.report.scan;
