/** The custom resource ImageReport (stowage.dev/v1alpha1). */
package dev.stowage.report.api;
