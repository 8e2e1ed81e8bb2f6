/** From a reference to the one manifest that each container runtime would select. */
@NullMarked
package dev.stowage.resolve;

import org.jspecify.annotations.NullMarked;
