package dev.stowage.admission;

import dev.stowage.node.NodeFacts;
import java.util.Collection;

/** The nodes and declared pools that are known now, from memory. */
@FunctionalInterface
public interface NodeSource {

    /** All of them; a snapshot that does not change. Never blocks. */
    Collection<NodeFacts> nodes();

    /** Whether these are all nodes, rather than those that have been heard of so far at a start; once true it stays so. */
    default boolean known() {
        return true;
    }
}
