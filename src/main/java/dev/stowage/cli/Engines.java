package dev.stowage.cli;

/** Where commands take their engine from, once they know that they need one. */
@FunctionalInterface
interface Engines {

    /**
     * Puts an engine together.
     *
     * @throws StoppedException when the configuration cannot be used
     */
    ImageEngine open(EngineOptions options);
}
