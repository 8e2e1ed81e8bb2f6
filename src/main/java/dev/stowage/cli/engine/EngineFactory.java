package dev.stowage.cli.engine;

import dev.stowage.cli.output.StoppedException;
import dev.stowage.registry.RegistryObserver;

/** Creates the engine of a command, once it is needed. */
@FunctionalInterface
public interface EngineFactory {

    /**
     * Creates an engine.
     *
     * @throws StoppedException when the configuration cannot be used
     */
    LocalEngine open(RegistryOptions options);

    /**
     * Creates an engine.
     *
     * @param requests is notified of every request to a registry
     * @throws StoppedException when the configuration cannot be used
     */
    default LocalEngine open(RegistryOptions options, RegistryObserver requests) {
        return open(options);
    }
}
