/** Whether nodes of a profile can run an image, and why not. */
@NullMarked
package dev.stowage.verdict;

import org.jspecify.annotations.NullMarked;
