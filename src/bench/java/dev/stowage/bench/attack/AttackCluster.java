package dev.stowage.bench.attack;

import dev.stowage.bench.HookProcess;
import dev.stowage.bench.MadeNodes;
import dev.stowage.bench.MadeObjects;
import dev.stowage.bench.ScaleCluster;
import dev.stowage.bench.StandInCluster;
import dev.stowage.demo.KubeBinaries;
import dev.stowage.demo.LocalApiServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The cluster of the attacked webhook: a real API server if there is one on this machine, whose webhook configuration then names a path
 * that cannot be guessed; else a stand-in, and the path {@code /validate}.
 */
final class AttackCluster implements AutoCloseable {

    private final int port;
    private final Optional<LocalApiServer> server;
    private final Optional<KubernetesClient> client;
    private final Optional<StandInCluster> standIn;
    private final Path kubeconfig;

    private AttackCluster(Optional<LocalApiServer> server, Optional<StandInCluster> standIn) throws IOException {
        this.port = HookProcess.freePort();
        this.server = server;
        this.standIn = standIn;
        if (server.isPresent()) {
            kubeconfig = server.get().kubeconfig();
        } else {
            kubeconfig = Files.writeString(
                    Files.createTempFile("stowage-attack", ".kubeconfig"),
                    standIn.orElseThrow().kubeconfig());
        }
        this.client = server.map(there -> new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build());
    }

    /** Starts one with so many nodes, of two platforms by turns. */
    static AttackCluster start(int nodes, String registry) throws IOException, InterruptedException {
        Optional<KubeBinaries> binaries = KubeBinaries.find(System.getenv(), Path.of(System.getProperty("user.home")));
        if (binaries.isEmpty()) {
            return new AttackCluster(Optional.empty(), Optional.of(StandInCluster.start(MadeNodes.of(nodes))));
        }
        LocalApiServer server = LocalApiServer.start(binaries.get());
        AttackCluster cluster = new AttackCluster(Optional.of(server), Optional.empty());
        try (ScaleCluster objects = new ScaleCluster(server)) {
            objects.fill(nodes, 0, 2, registry);
        }
        cluster.prepare(cluster.client.orElseThrow());
        return cluster;
    }

    private void prepare(KubernetesClient client) {
        for (int i = 0; i < HonestLoad.NAMESPACES; i++) {
            MadeObjects.namespace(client, "honest-" + i);
        }
        for (int i = 0; i < HostileReviews.NAMESPACES; i++) {
            MadeObjects.namespace(client, HostileReviews.namespace(i));
        }
        MadeObjects.webhook(client, port);
    }

    /**
     * Starts Stowage with the options of its image and a heap of at most 256 MB, and waits until it is ready.
     *
     * @param resolver where classes for name look-ups are, if it is to use others than Java's
     */
    HookProcess serve(Optional<Path> resolver) throws IOException, InterruptedException {
        List<String> command = HookProcess.javaOfImage();
        String jar = HookProcess.APPLICATION.resolve("quarkus-run.jar").toString();
        if (resolver.isPresent()) {
            // as the jar's manifest demands, which counts with -jar only
            command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
            command.addAll(List.of("-cp", jar + ":" + resolver.get(), "io.quarkus.bootstrap.runner.QuarkusEntryPoint"));
        } else {
            command.addAll(List.of("-jar", jar));
        }
        command.add("serve");
        String tls = client.isPresent()
                ? "tls: {mode: managed, secret: stowage/stowage-tls, subjectAltNames: [127.0.0.1]}"
                : "tls: {mode: self}, reports: {enabled: false}";
        return HookProcess.serve(command, port, tls, kubeconfig, () -> {});
    }

    /** Where API servers send reviews. */
    String path() {
        return client.map(MadeObjects::reviewPath).orElse("/validate");
    }

    Optional<KubernetesClient> client() {
        return client;
    }

    @Override
    public void close() {
        client.ifPresent(KubernetesClient::close);
        server.ifPresent(LocalApiServer::close);
        standIn.ifPresent(StandInCluster::close);
    }
}
