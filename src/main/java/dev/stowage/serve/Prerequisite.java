package dev.stowage.serve;

import dev.stowage.cluster.NamespaceInformer;
import dev.stowage.cluster.NodeInformer;
import dev.stowage.cluster.RuntimeClassInformer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Something that must have happened once before reviews are answered.
 *
 * @param name its name in the readiness probe's answer
 * @param met whether it has happened
 * @param state how it is now, in words; a part that was ready once stays so, and here says how stale it is
 */
public record Prerequisite(String name, BooleanSupplier met, Supplier<String> state) {

    public Prerequisite {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(met, "met");
        Objects.requireNonNull(state, "state");
    }

    /** The nodes have been listed. */
    public static Prerequisite of(NodeInformer nodes) {
        return new Prerequisite(
                "nodes",
                nodes::synced,
                () -> nodes.nodes().size() + " known, " + state(nodes.synced(), nodes.staleness(), nodes.problem()));
    }

    /** The namespaces have been listed. */
    public static Prerequisite of(NamespaceInformer namespaces) {
        return new Prerequisite(
                "namespaces",
                namespaces::synced,
                () -> state(namespaces.synced(), namespaces.staleness(), namespaces.problem()));
    }

    /** The RuntimeClasses have been listed, or it is known why they cannot be: Stowage goes on without them. */
    public static Prerequisite of(RuntimeClassInformer runtimeClasses) {
        return new Prerequisite(
                "runtimeclasses",
                () -> runtimeClasses.synced() || runtimeClasses.problem().isPresent(),
                () -> state(runtimeClasses.synced(), runtimeClasses.staleness(), runtimeClasses.problem()));
    }

    private static String state(boolean synced, Duration staleness, Optional<String> problem) {
        String because = problem.map(clause -> ": " + clause).orElse("");
        if (!synced) {
            return "not yet listed" + because;
        }
        return staleness.isZero() ? "current" : "stale for " + staleness.toSeconds() + " s" + because;
    }
}
