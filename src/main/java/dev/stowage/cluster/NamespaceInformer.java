package dev.stowage.cluster;

import dev.stowage.admission.NamespaceModes;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** The mode labels and node selectors of the cluster's namespaces, watched; nothing else of them is kept. */
public final class NamespaceInformer implements NamespaceModes, AutoCloseable {

    private final FactStore<Namespace, NamespaceFacts> store;
    private final Watch<Namespace> watch;

    /**
     * Does nothing until {@link #start()}.
     *
     * @param client the cluster
     * @param clock the time
     */
    public NamespaceInformer(KubernetesClient client, Clock clock) {
        this.store = new FactStore<>(
                NamespaceFacts::of,
                metadata -> new NamespaceBuilder().withMetadata(metadata).build());
        this.watch = new Watch<>("namespaces", client.namespaces(), store, clock, Watch.MINUTE);
    }

    /** Starts watching; returns at once. */
    public void start() {
        watch.start();
    }

    @Override
    public Optional<String> modeOf(String namespace) {
        return facts(namespace).mode();
    }

    /**
     * The annotation {@code scheduler.alpha.kubernetes.io/node-selector} of a namespace, as it stands there; from memory.
     *
     * @return nothing when there is none, or no such namespace is known
     */
    public Optional<String> nodeSelectorOf(String namespace) {
        return facts(namespace).nodeSelector();
    }

    /** Whether the namespaces have been listed once. */
    public boolean synced() {
        return watch.synced();
    }

    /** For how long changes may have been missed; zero while the watch stands. Never negative. */
    public Duration staleness() {
        return watch.staleness();
    }

    /** What keeps it from listing or watching now, one clause. */
    public Optional<String> problem() {
        return watch.problem();
    }

    /** Stops watching; what is known stays known. */
    @Override
    public void close() {
        watch.close();
    }

    private NamespaceFacts facts(String namespace) {
        NamespaceFacts facts = store.factsOf(namespace);
        return facts == null ? NamespaceFacts.NONE : facts;
    }
}
