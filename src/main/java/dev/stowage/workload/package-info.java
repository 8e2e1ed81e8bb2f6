/** Pods and pod templates of any kind, reduced to what Stowage decides on. */
package dev.stowage.workload;
