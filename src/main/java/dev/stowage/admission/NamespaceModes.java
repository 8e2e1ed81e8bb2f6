package dev.stowage.admission;

import java.util.Optional;

/** What namespaces say by labels and annotations: their modes, and the platforms on which their pods run. */
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

    /**
     * The value of the namespace's annotation {@link dev.stowage.node.StatedPlatforms#ANNOTATION}, valid or not; from memory, never
     * blocks.
     *
     * @return empty if the namespace has no such annotation or is not known
     */
    default Optional<String> platformsOf(String namespace) {
        return Optional.empty();
    }

    /**
     * The value of the namespace's label {@link dev.stowage.steering.SteeringMode#LABEL}, valid or not; from memory, never blocks.
     *
     * @return empty if the namespace has no such label or is not known
     */
    default Optional<String> steeringOf(String namespace) {
        return Optional.empty();
    }
}
