package dev.stowage.cli;

import dev.stowage.registry.Keyring;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.EngineAssessor;
import dev.stowage.verdict.Judge;
import java.util.Objects;

/**
 * The engine as commands use it.
 *
 * @param resolver resolves references
 * @param keyring the credentials of whoever runs the command
 * @param defaultRegistry the registry of names that carry none
 */
record ImageEngine(ImageResolver resolver, Keyring keyring, String defaultRegistry) {
    ImageEngine {
        Objects.requireNonNull(resolver, "resolver");
        Objects.requireNonNull(keyring, "keyring");
        Objects.requireNonNull(defaultRegistry, "defaultRegistry");
    }

    /** The engine's one question. */
    Assessor assessor() {
        return new EngineAssessor(defaultRegistry, resolver, new Judge());
    }
}
