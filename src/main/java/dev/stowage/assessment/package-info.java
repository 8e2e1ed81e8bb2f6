/** Assesses the images of a workload, each distinct image once. */
@NullMarked
package dev.stowage.assessment;

import org.jspecify.annotations.NullMarked;
