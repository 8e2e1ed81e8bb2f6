package dev.stowage.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real API server that asks the webhook: what is printed is the API server's own answer. */
final class ClusterStage implements Stage {

    private final KubeBinaries binaries;
    private final DemoCluster cluster;
    private final StowageProcess stowage;

    private ClusterStage(KubeBinaries binaries, DemoCluster cluster, StowageProcess stowage) {
        this.binaries = binaries;
        this.cluster = cluster;
        this.stowage = stowage;
    }

    /**
     * Starts API server and product and has the one ask the other.
     *
     * @param known what the webhook denies, to see when it is asked
     */
    static ClusterStage open(KubeBinaries binaries, Manifest known) throws IOException, InterruptedException {
        DemoCluster cluster = DemoCluster.start(binaries);
        try {
            cluster.defineReports();
            StowageProcess stowage = StowageProcess.start(cluster.kubeconfig());
            ClusterStage stage = new ClusterStage(binaries, cluster, stowage);
            stage.register(known);
            return stage;
        } catch (IOException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void register(Manifest known) throws IOException, InterruptedException {
        try {
            cluster.register(WebhookManifest.load().leadingTo(stowage.url(), stowage.authority()), known);
        } catch (IOException e) {
            String message = e.getMessage() + "\n" + String.join("\n", log());
            stowage.close();
            throw new IOException(message, e);
        }
    }

    @Override
    public List<String> reports(int images) throws IOException, InterruptedException {
        return cluster.reports(images);
    }

    @Override
    public List<String> description() {
        return List.of(
                "Webhook   " + stowage.url(),
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
    public List<String> log() {
        return stowage.lastLines();
    }

    @Override
    public void close() {
        stowage.close();
        cluster.close();
    }
}
