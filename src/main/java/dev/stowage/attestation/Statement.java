package dev.stowage.attestation;

import dev.stowage.image.Digest;
import java.util.List;
import java.util.Objects;

/**
 * An in-toto statement (in-toto attestation framework, {@code spec/v1/statement.md}): what somebody says of artifacts.
 *
 * @param predicateType the type URI of the predicate; empty when it names none
 * @param subjects the digests of what it is about, of algorithms that registries use; at most {@value #MAX_SUBJECTS}
 * @param predicate what it says
 */
public record Statement(String predicateType, List<Digest> subjects, Predicate predicate) {

    /** The most subjects that are read. */
    public static final int MAX_SUBJECTS = 1_000;

    public Statement {
        Objects.requireNonNull(predicateType, "predicateType");
        subjects = List.copyOf(subjects);
        Objects.requireNonNull(predicate, "predicate");
    }
}
