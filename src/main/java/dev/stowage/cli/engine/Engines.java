package dev.stowage.cli.engine;

import dev.stowage.cli.output.StoppedException;

/** Where commands take their engine from, once they know that they need one. */
@FunctionalInterface
public interface Engines {

    /**
     * Puts an engine together.
     *
     * @throws StoppedException when the configuration cannot be used
     */
    ImageEngine open(EngineOptions options);
}
