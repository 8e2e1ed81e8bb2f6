/** Pods and pod templates of any kind, reduced to what Stowage decides on. */
@NullMarked
package dev.stowage.workload;

import org.jspecify.annotations.NullMarked;
