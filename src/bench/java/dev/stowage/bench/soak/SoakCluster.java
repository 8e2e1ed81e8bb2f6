package dev.stowage.bench.soak;

import dev.stowage.bench.MadeObjects;
import dev.stowage.bench.ScaleCluster;
import dev.stowage.demo.LocalApiServer;
import dev.stowage.soak.Truths;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A real API server with nodes that come, go and change, workloads whose images have reports, and a Lease that moves. */
final class SoakCluster implements AutoCloseable {

    static final int NAMESPACES = 8;

    /** On these nodes there is always amd64, and arm64 now and then. */
    static final Map<String, String> POOL = Map.of("example.org/pool", "moving");

    private static final Set<String> AMD64 = Set.of("amd64");
    private static final Set<String> BOTH = Set.of("amd64", "arm64");
    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int NODES = 100;
    private static final int CHANGING = 60;
    private static final int MORE = 20;
    private static final int POOL_SECONDS = 20;
    private static final int FOREIGN_LEASE_SECONDS = 4;

    private final LocalApiServer server;
    private final KubernetesClient client;
    private final Random random;
    private final Truths<Set<String>> all = new Truths<>();
    private final Truths<Set<String>> pool = new Truths<>();
    private final BitSet tainted = new BitSet();
    private final BitSet labelled = new BitSet();
    private final BitSet there = new BitSet();
    private boolean arm64InPool = true;
    private long changes;

    SoakCluster(LocalApiServer server, long seed) {
        this.server = server;
        this.random = new Random(seed);
        this.client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(server.kubeconfig().toFile()))
                .build();
        all.becomes(BOTH);
        pool.becomes(BOTH);
    }

    /**
     * Fills it.
     *
     * @param port of the webhook
     * @param pairs the images of the workloads, which are in the namespaces by turns
     */
    void fill(int port, List<List<SoakedImage>> pairs) throws IOException, InterruptedException {
        try (ScaleCluster objects = new ScaleCluster(server)) {
            objects.fill(NODES, 0, 2, "");
        }
        MadeObjects.node(client, "pool-amd64", "amd64", POOL);
        MadeObjects.node(client, "pool-arm64", "arm64", POOL);
        for (int i = 0; i < NAMESPACES; i++) {
            MadeObjects.namespace(client, namespace(i));
        }
        for (int i = 0; i < pairs.size(); i++) {
            replicaSet("app-" + i, namespace(i), pairs.get(i));
        }
        MadeObjects.webhook(client, port);
    }

    static String namespace(int number) {
        return "soak-" + number % NAMESPACES;
    }

    private void replicaSet(String name, String namespace, List<SoakedImage> images) {
        client.resource(new ReplicaSetBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewSpec()
                        .withNewSelector()
                        .addToMatchLabels("app", name)
                        .endSelector()
                        .withNewTemplate()
                        .withNewMetadata()
                        .addToLabels("app", name)
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("app")
                        .withImage(images.get(0).reference())
                        .endContainer()
                        .addNewContainer()
                        .withName("proxy")
                        .withImage(images.get(1).reference())
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build())
                .create();
    }

    Path kubeconfig() {
        return server.kubeconfig();
    }

    String reviewPath() {
        return MadeObjects.reviewPath(client);
    }

    /** The architectures of all nodes. */
    Truths<Set<String>> all() {
        return all;
    }

    /** The architectures of the nodes that {@link #POOL} selects. */
    Truths<Set<String>> pool() {
        return pool;
    }

    /** A second has passed: a node comes, goes or changes. */
    void tick() {
        if (changes++ % POOL_SECONDS == POOL_SECONDS - 1) {
            changePool();
            return;
        }
        switch (random.nextInt(3)) {
            case 0 -> comeOrGo(random.nextInt(MORE));
            case 1 -> taint(random.nextInt(CHANGING));
            default -> label(random.nextInt(CHANGING));
        }
    }

    private void changePool() {
        arm64InPool = !arm64InPool;
        pool.becomes(arm64InPool ? BOTH : AMD64);
        if (arm64InPool) {
            MadeObjects.node(client, "pool-arm64", "arm64", POOL);
        } else {
            client.nodes().withName("pool-arm64").delete();
        }
    }

    private void comeOrGo(int number) {
        there.flip(number);
        if (there.get(number)) {
            MadeObjects.node(client, "more-" + number, number % 2 == 0 ? "amd64" : "arm64");
        } else {
            client.nodes().withName("more-" + number).delete();
        }
    }

    private void taint(int number) {
        tainted.flip(number);
        List<Taint> taints = tainted.get(number)
                ? List.of(new Taint("NoSchedule", "example.org/dedicated", null, "batch"))
                : List.of();
        client.nodes().withName("node-" + number).edit(node -> new NodeBuilder(node)
                .editOrNewSpec()
                .withTaints(taints)
                .endSpec()
                .build());
    }

    private void label(int number) {
        labelled.flip(number);
        client.nodes().withName("node-" + number).edit(node -> {
            NodeBuilder changed = new NodeBuilder(node);
            return labelled.get(number)
                    ? changed.editMetadata()
                            .addToLabels("example.org/batch", "batch-" + changes)
                            .endMetadata()
                            .build()
                    : changed.editMetadata()
                            .removeFromLabels("example.org/batch")
                            .endMetadata()
                            .build();
        });
    }

    long changes() {
        return changes;
    }

    /** The replica that leads; empty if none does. */
    Optional<String> leader() {
        return Optional.ofNullable(lease())
                .map(held -> held.getSpec().getHolderIdentity())
                .filter(holder -> holder.startsWith("replica-"));
    }

    private Lease lease() {
        return client.leases()
                .inNamespace("stowage")
                .withName("stowage-reports")
                .get();
    }

    /**
     * Takes the Lease away from the replica that leads, for a time in which that one notices; the other, which waits for it all the time,
     * is the first to take it then.
     */
    void takeLease() {
        // a patch that does not say which version it is of, because the leader writes it, too
        client.leases()
                .inNamespace("stowage")
                .withName("stowage-reports")
                .patch(PatchContext.of(PatchType.JSON_MERGE), """
                        {"spec":{"holderIdentity":"nobody","leaseDurationSeconds":%d,"renewTime":"%s"}}""".formatted(
                                FOREIGN_LEASE_SECONDS, MICROSECONDS.format(Instant.now())));
    }

    @Override
    public void close() {
        client.close();
    }
}
