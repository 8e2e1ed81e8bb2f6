/** Registries as the engine sees them: the port, its results, credentials for reading, settings and metrics. */
package dev.stowage.registry;
