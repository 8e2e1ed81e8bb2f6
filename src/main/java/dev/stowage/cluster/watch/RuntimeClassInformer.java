package dev.stowage.cluster.watch;

import dev.stowage.kube.StoredObjects;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClass;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.Optional;

/**
 * The cluster's RuntimeClasses, watched. Stowage does without them where it may not read them: then templates are checked by what
 * they say themselves, and their pods, which have everything, once more.
 */
public final class RuntimeClassInformer extends FactInformer<RuntimeClass, RuntimeClassFacts> {

    /**
     * Does nothing until {@link #start()}.
     *
     * @param client the cluster
     * @param clock the time
     */
    public RuntimeClassInformer(KubernetesClient client, Clock clock) {
        super(
                "runtimeclasses",
                StoredObjects.typed(client).resources(RuntimeClass.class),
                new FactStore<>(RuntimeClassFacts::of, metadata -> new RuntimeClassBuilder()
                        .withMetadata(metadata)
                        .build()),
                clock,
                DAY);
    }

    /** What a RuntimeClass adds; nothing when none of this name is known. */
    Optional<RuntimeClassFacts> named(String name) {
        return Optional.ofNullable(store.factsOf(name));
    }

    /** How many are known. */
    public int size() {
        return store.size();
    }
}
