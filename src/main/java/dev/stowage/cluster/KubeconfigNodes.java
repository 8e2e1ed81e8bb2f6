package dev.stowage.cluster;

import dev.stowage.admission.NodeSource;
import dev.stowage.node.NodeFacts;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** The nodes of the cluster that a kubeconfig file leads to, watched by a client of their own. */
public final class KubeconfigNodes implements NodeSource, AutoCloseable {

    private static final Duration GLANCE = Duration.ofMillis(20);

    private final KubernetesClient client;
    private final NodeInformer nodes;

    private KubeconfigNodes(KubernetesClient client, NodeInformer nodes) {
        this.client = client;
        this.nodes = nodes;
    }

    /**
     * Starts watching and waits until the nodes have been listed once.
     *
     * @param kubeconfig the file; its current context counts
     * @param patience how long to wait
     * @throws IOException when they have not been listed by then; the message says what kept it
     */
    public static KubeconfigNodes watch(Path kubeconfig, Duration patience, Clock clock)
            throws IOException, InterruptedException {
        Config config = Config.fromKubeconfig(kubeconfig.toFile());
        KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build();
        KubeconfigNodes watched = new KubeconfigNodes(client, new NodeInformer(client, List.of(), clock));
        watched.nodes.start();
        long end = System.nanoTime() + patience.toNanos();
        while (!watched.nodes.synced()) {
            if (System.nanoTime() > end) {
                String problem = watched.nodes.problem().orElse("no answer");
                watched.close();
                throw new IOException("the nodes cannot be listed: " + problem);
            }
            Thread.sleep(GLANCE.toMillis());
        }
        return watched;
    }

    @Override
    public Collection<NodeFacts> nodes() {
        return nodes.nodes();
    }

    /** Stops watching. */
    @Override
    public void close() {
        nodes.close();
        client.close();
    }
}
