package dev.stowage.admission;

import dev.stowage.node.NodeFacts;
import java.util.Collection;
import java.util.Optional;

/** The nodes and declared pools, from memory. */
@FunctionalInterface
public interface NodeSource {

    /** All of them: a snapshot that does not change. Never blocks. */
    Collection<NodeFacts> nodes();

    /**
     * The value of the namespace's annotation {@link dev.stowage.node.StatedPlatforms#ANNOTATION}, valid or not; from memory, never
     * blocks.
     */
    default Optional<String> platformsOf(String namespace) {
        return Optional.empty();
    }

    /** Whether the nodes have been listed completely since the start; once true it stays true. */
    default boolean known() {
        return true;
    }
}
