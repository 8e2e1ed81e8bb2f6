/** Steering: which nodes a pod is kept off because they do not run its images, and the JSON patch that does it. Knows no server. */
@NullMarked
package dev.stowage.steering;

import org.jspecify.annotations.NullMarked;
