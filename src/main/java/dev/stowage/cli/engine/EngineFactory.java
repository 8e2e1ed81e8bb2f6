package dev.stowage.cli.engine;

import dev.stowage.cli.output.StoppedException;

/** Creates the engine of a command, once it is needed. */
@FunctionalInterface
public interface EngineFactory {

    /**
     * Creates an engine.
     *
     * @throws StoppedException when the configuration cannot be used
     */
    LocalEngine open(EngineOptions options);
}
