package dev.stowage.demo;

import dev.stowage.admission.ClusterView;
import dev.stowage.cluster.WatchedCluster;
import dev.stowage.image.Repository;
import dev.stowage.report.ReportContext;
import dev.stowage.report.ReportOperator;
import dev.stowage.report.ReportSettings;
import dev.stowage.report.ReportSettings.LeaseSettings;
import dev.stowage.verdict.Assessor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** A real API server that asks the webhook: what is printed is the API server's own answer. */
final class ClusterStage implements Stage {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KubeBinaries binaries;
    private final DemoCluster cluster;
    private final WatchedCluster watched;
    private final LocalWebhook webhook;
    private final ReportOperator operator;

    private ClusterStage(
            KubeBinaries binaries,
            DemoCluster cluster,
            WatchedCluster watched,
            LocalWebhook webhook,
            ReportOperator operator) {
        this.binaries = binaries;
        this.cluster = cluster;
        this.watched = watched;
        this.webhook = webhook;
        this.operator = operator;
    }

    /**
     * Starts API server and webhook and has the one ask the other.
     *
     * @param known what the webhook denies, to see when it is asked
     */
    static ClusterStage open(KubeBinaries binaries, DemoEngine engine, Manifest known)
            throws IOException, InterruptedException {
        List<AutoCloseable> started = new ArrayList<>();
        try {
            DemoCluster cluster = DemoCluster.start(binaries);
            started.add(cluster);
            WatchedCluster watched = WatchedCluster.watch(cluster.kubeconfig(), PATIENCE, Clock.systemUTC());
            started.add(watched);
            cluster.defineReports();
            ReportOperator operator = operatorOf(watched, engine.assessor());
            started.add(operator);
            LocalWebhook webhook = LocalWebhook.start(engine.reviewsOf(watched.view(), operator.denials()));
            started.add(webhook);
            operator.start();
            cluster.register(WebhookManifest.load().leadingTo(webhook.url(), webhook.authority()), known);
            return new ClusterStage(binaries, cluster, watched, webhook, operator);
        } catch (IOException | InterruptedException | RuntimeException e) {
            for (int i = started.size() - 1; i >= 0; i--) {
                closeQuietly(started.get(i), e);
            }
            throw e;
        }
    }

    /** Keeps the reports, with what holds where nothing is configured. */
    private static ReportOperator operatorOf(WatchedCluster watched, Assessor assessor) {
        ClusterView view = watched.view();
        return new ReportOperator(new ReportContext(
                watched.client(),
                new ReportSettings(
                        Repository.DOCKER_HUB,
                        Duration.ofHours(24),
                        Duration.ofHours(1),
                        1,
                        List.of(),
                        LeaseSettings.usual("default", "stowage-demo")),
                assessor,
                view.nodes(),
                view.keyrings(),
                Optional.empty(),
                new SimpleMeterRegistry(),
                Clock.systemUTC(),
                () -> ThreadLocalRandom.current().nextDouble()));
    }

    @Override
    public List<String> reports(int images) throws IOException, InterruptedException {
        return cluster.reports(images);
    }

    @Override
    public List<String> description() {
        return List.of(
                "Webhook   " + webhook.url(),
                "Cluster   " + cluster.url() + ", a real API server (Kubernetes " + binaries.version() + ")",
                "Nodes     " + DemoNode.AMD64.label() + ", " + DemoNode.ARM64.label());
    }

    @Override
    public Applied apply(Manifest manifest) throws IOException, InterruptedException {
        return cluster.apply(manifest);
    }

    @Override
    public List<String> invitation(Path folder, List<Scene> scenes) {
        List<String> lines = new ArrayList<>();
        lines.add("In another terminal:");
        lines.add("  export KUBECONFIG=" + cluster.kubeconfig());
        binaries.kubectl().ifPresent(kubectl -> lines.add("  export PATH=" + kubectl.getParent() + ":$PATH"));
        lines.add("  kubectl get nodes --label-columns kubernetes.io/arch");
        lines.add("  kubectl get pods");
        lines.add("  kubectl get imagereports -o wide");
        lines.add("  cd " + folder + "; ls");
        lines.add("  kubectl apply -f " + scenes.get(0).manifest().file());
        lines.add("  kubectl label namespace default stowage.dev/mode=warn");
        return lines;
    }

    @Override
    public List<String> next() {
        return List.of("./demo --serve stays up, for kubectl and manifests of your own.");
    }

    @Override
    public void close() {
        webhook.close();
        operator.close();
        watched.close();
        cluster.close();
    }

    private static void closeQuietly(AutoCloseable started, Exception cause) {
        try {
            started.close();
        } catch (Exception e) {
            cause.addSuppressed(e);
        }
    }
}
