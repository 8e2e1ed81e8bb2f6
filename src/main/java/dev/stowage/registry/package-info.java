/** Registries as the engine sees them: the port, its results, credentials for reading, settings and metrics. */
@NullMarked
package dev.stowage.registry;

import org.jspecify.annotations.NullMarked;
