package dev.stowage.cluster.watch;

import dev.stowage.admission.NamespaceModes;
import dev.stowage.kube.StoredObjects;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.Optional;

/** The mode labels, node selectors and platforms of the cluster's namespaces, watched; nothing else of them is kept. */
public final class NamespaceInformer extends FactInformer<Namespace, NamespaceFacts> implements NamespaceModes {

    /**
     * Does nothing until {@link #start()}.
     *
     * @param client the cluster
     * @param clock the time
     */
    public NamespaceInformer(KubernetesClient client, Clock clock) {
        super(
                "namespaces",
                StoredObjects.typed(client).namespaces(),
                new FactStore<>(NamespaceFacts::of, metadata -> new NamespaceBuilder()
                        .withMetadata(metadata)
                        .build()),
                clock,
                MINUTE);
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

    /** Whether a namespace of this name is known; from memory. */
    public boolean knows(String namespace) {
        return store.factsOf(namespace) != null;
    }

    @Override
    public Optional<String> platformsOf(String namespace) {
        return facts(namespace).platforms();
    }

    @Override
    public Optional<String> steeringOf(String namespace) {
        return facts(namespace).steering();
    }

    private NamespaceFacts facts(String namespace) {
        NamespaceFacts facts = store.factsOf(namespace);
        return facts == null ? NamespaceFacts.NONE : facts;
    }
}
