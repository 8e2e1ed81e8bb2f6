/** Platforms, their normalisation, and how each container runtime matches them. */
@NullMarked
package dev.stowage.platform;

import org.jspecify.annotations.NullMarked;
