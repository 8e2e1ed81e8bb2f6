package dev.stowage.demo;

import dev.stowage.admission.NodeSource;
import dev.stowage.serve.ReviewHandler;

/** Puts together what answers reviews, as the real webhook has it where nothing is configured. */
@FunctionalInterface
public interface ReviewHandlers {

    /** What answers reviews when these are the nodes. */
    ReviewHandler forNodes(NodeSource nodes);
}
