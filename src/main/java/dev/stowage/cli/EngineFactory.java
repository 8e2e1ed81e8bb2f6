package dev.stowage.cli;

final class EngineFactory implements Engines {
    public ImageEngine open(EngineOptions o) {
        throw new StoppedException(70, "soon");
    }
}
