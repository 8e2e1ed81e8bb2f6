package dev.stowage.admission;

import java.util.Optional;

/** The mode labels of namespaces. */
@FunctionalInterface
public interface NamespaceModes {

    /** No namespace has a mode label. */
    NamespaceModes NONE = namespace -> Optional.empty();

    /**
     * The value of the namespace's label {@link dev.stowage.policy.Mode#LABEL}, valid or not; from memory, never blocks.
     *
     * @return empty if the namespace has no such label or is not known
     */
    Optional<String> modeOf(String namespace);
}
