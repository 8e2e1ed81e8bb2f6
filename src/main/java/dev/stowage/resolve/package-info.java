/** From a reference to the one manifest that each container runtime would select. */
package dev.stowage.resolve;
