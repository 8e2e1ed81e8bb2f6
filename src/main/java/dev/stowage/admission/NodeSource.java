package dev.stowage.admission;

import dev.stowage.node.NodeFacts;
import java.util.Collection;

/** The nodes and declared pools that are known now, from memory. */
@FunctionalInterface
public interface NodeSource {

    /** All of them; a snapshot that does not change. Never blocks. */
    Collection<NodeFacts> nodes();
}
