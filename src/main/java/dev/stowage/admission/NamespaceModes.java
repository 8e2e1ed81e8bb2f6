package dev.stowage.admission;

import java.util.Optional;

/** What namespaces say about the mode they want. */
@FunctionalInterface
public interface NamespaceModes {

    /** No namespace says anything. */
    NamespaceModes NONE = namespace -> Optional.empty();

    /**
     * The value of the namespace's label {@link dev.stowage.policy.Mode#LABEL}, whatever it is; from memory, never blocks.
     *
     * @return nothing when the namespace has no such label or is not known
     */
    Optional<String> modeOf(String namespace);
}
