package dev.stowage.admission;

import dev.stowage.node.NodeFacts;
import java.util.Collection;

/** The nodes and declared pools, from memory. */
@FunctionalInterface
public interface NodeSource {

    /** All of them: a snapshot that does not change. Never blocks. */
    Collection<NodeFacts> nodes();

    /** Whether the nodes have been listed completely since the start; once true it stays true. */
    default boolean known() {
        return true;
    }
}
