package dev.stowage.cluster;

import dev.stowage.admission.ClusterView;
import dev.stowage.admission.KeyringSource;
import dev.stowage.admission.TemplateDefaults;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** The nodes and namespaces of the cluster that a kubeconfig file leads to, watched by a client of their own. */
public final class WatchedCluster implements AutoCloseable {

    private static final Duration GLANCE = Duration.ofMillis(20);

    private final KubernetesClient client;
    private final NodeInformer nodes;
    private final NamespaceInformer namespaces;

    private WatchedCluster(KubernetesClient client, Clock clock) {
        this.client = client;
        this.nodes = new NodeInformer(client, List.of(), clock);
        this.namespaces = new NamespaceInformer(client, clock);
    }

    /**
     * Starts watching and waits until everything has been listed once.
     *
     * @param kubeconfig the file; its current context counts
     * @param patience how long to wait
     * @throws IOException when it has not been listed by then; the message says what kept it
     */
    public static WatchedCluster watch(Path kubeconfig, Duration patience, Clock clock)
            throws IOException, InterruptedException {
        Config config = Config.fromKubeconfig(kubeconfig.toFile());
        WatchedCluster watched = new WatchedCluster(
                new KubernetesClientBuilder().withConfig(config).build(), clock);
        try {
            watched.nodes.start();
            watched.namespaces.start();
            watched.awaitSynced(patience);
            return watched;
        } catch (IOException | InterruptedException | RuntimeException e) {
            watched.close();
            throw e;
        }
    }

    /** What admission asks of it; everyone pulls anonymously. */
    public ClusterView view() {
        return new ClusterView(nodes, KeyringSource.ANONYMOUS, namespaces::modeOf, TemplateDefaults.NONE);
    }

    /** The client that it is watched with; closed with this. */
    public KubernetesClient client() {
        return client;
    }

    /** Stops watching. */
    @Override
    public void close() {
        namespaces.close();
        nodes.close();
        client.close();
    }

    private void awaitSynced(Duration patience) throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!nodes.synced() || !namespaces.synced()) {
            if (System.nanoTime() > end) {
                throw new IOException("the cluster's nodes and namespaces cannot be listed: "
                        + nodes.problem().or(namespaces::problem).orElse("no answer"));
            }
            Thread.sleep(GLANCE.toMillis());
        }
    }
}
