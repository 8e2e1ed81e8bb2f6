package dev.stowage.node;

import java.util.Objects;

/**
 * Why a pod cannot be scheduled on a node.
 *
 * @param cause the rule that excludes the node
 * @param detail the reason in words, a predicate about the node or a sentence: {@code has no nvidia.com/gpu}; one line, safe to print
 */
public record Ineligibility(Cause cause, String detail) {

    /** The rules that exclude nodes, in the order in which they apply. */
    public enum Cause {
        /** The node does not report its platform. */
        UNKNOWN_PLATFORM,
        /** The pod runs on stated platforms, and the node has another one. */
        STATED_PLATFORM,
        /** {@code nodeName} names another node. */
        NODE_NAME,
        /** {@code spec.os} is another operating system. */
        OS,
        /** A label of {@code nodeSelector} is absent or different. */
        NODE_SELECTOR,
        /** A taint is not tolerated. */
        TAINT,
        /** An extended resource is absent. */
        RESOURCE,
        /** No term of the required node affinity matches. */
        NODE_AFFINITY
    }

    public Ineligibility {
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(detail, "detail");
    }
}
