package dev.stowage.serve;

import dev.stowage.cluster.watch.FactInformer;
import dev.stowage.cluster.watch.NamespaceInformer;
import dev.stowage.cluster.watch.NodeInformer;
import dev.stowage.cluster.watch.RuntimeClassInformer;
import dev.stowage.tls.managed.SharedReviewPath;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Something that must have happened once before reviews are answered.
 *
 * @param name its name in the readiness probe's answer
 * @param met whether it has happened
 * @param state its state in words; a part that was ready once stays so, and this contains its staleness
 */
public record ReadinessCondition(String name, BooleanSupplier met, Supplier<String> state) {

    public ReadinessCondition {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(met, "met");
        Objects.requireNonNull(state, "state");
    }

    /** The nodes have been listed. */
    public static ReadinessCondition of(NodeInformer nodes) {
        return new ReadinessCondition(
                "nodes", nodes::synced, () -> nodes.nodes().size() + " known, " + state(nodes));
    }

    /** The namespaces have been listed. */
    public static ReadinessCondition of(NamespaceInformer namespaces) {
        return new ReadinessCondition("namespaces", namespaces::synced, () -> state(namespaces));
    }

    /** The RuntimeClasses have been listed, or it is known why they cannot be: Stowage goes on without them. */
    public static ReadinessCondition of(RuntimeClassInformer runtimeClasses) {
        return new ReadinessCondition(
                "runtimeclasses",
                () -> runtimeClasses.synced() || runtimeClasses.problem().isPresent(),
                () -> state(runtimeClasses));
    }

    /** The path of reviews is entered into the webhook's configuration, as far as that is possible. */
    static ReadinessCondition of(SharedReviewPath path) {
        return new ReadinessCondition(
                "path", path::isReady, () -> path.problem().orElse(path.isReady() ? "published" : "not yet published"));
    }

    private static String state(FactInformer<?, ?> watched) {
        String because = watched.problem().map(clause -> ": " + clause).orElse("");
        if (!watched.synced()) {
            return "not yet listed" + because;
        }
        Duration staleness = watched.staleness();
        return staleness.isZero() ? "current" : "stale for " + staleness.toSeconds() + " s" + because;
    }
}
