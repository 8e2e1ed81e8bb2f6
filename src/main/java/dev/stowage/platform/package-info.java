/** Platforms, their normalisation, and how each container runtime matches them. */
package dev.stowage.platform;
