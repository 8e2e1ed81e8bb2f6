package dev.stowage.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;

/**
 * A real Kubernetes API server with its etcd on this machine: no controllers, no scheduler, no kubelet. The API server listens
 * on a free loopback port, etcd on a socket file, so that nothing is reachable from elsewhere and no two of them collide. All
 * that they write lies in one temporary folder, which goes with them.
 */
public final class LocalApiServer implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);

    private final String adminToken = UUID.randomUUID().toString();
    private final ChildProcesses processes;
    private final int port;
    private KubeApi client;

    private LocalApiServer(ChildProcesses processes, int port) {
        this.processes = processes;
        this.port = port;
    }

    /**
     * Starts it and waits until it is ready and its default namespace exists, which takes some seconds.
     *
     * @throws IOException when it cannot be started; the message holds the last lines of what the programs said
     */
    public static LocalApiServer start(KubeBinaries binaries) throws IOException, InterruptedException {
        LocalApiServer server = new LocalApiServer(ChildProcesses.in("stowage-apiserver"), ChildProcesses.freePort());
        try {
            server.writeCredentials();
            server.startEtcd(binaries);
            server.startApiServer(binaries);
            server.awaitReady();
            return server;
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Its address: {@code https://127.0.0.1:34567}. */
    public URI url() {
        return URI.create("https://127.0.0.1:" + port);
    }

    /** A kubeconfig file of a cluster administrator; it goes when the server is closed. */
    public Path kubeconfig() {
        return processes.folder().resolve("kubeconfig");
    }

    /** A client with an administrator's rights. */
    public KubeApi client() {
        return client;
    }

    /** Ends both programs and removes what they wrote. */
    @Override
    public void close() {
        processes.close();
    }

    private void startEtcd(KubeBinaries binaries) throws IOException {
        launch(
                "etcd",
                binaries.etcd().toString(),
                "--data-dir=etcd",
                "--listen-client-urls=unix://etcd.sock",
                "--advertise-client-urls=unix://etcd.sock:0",
                "--listen-peer-urls=unix://peer.sock",
                "--unsafe-no-fsync",
                "--log-level=error");
    }

    private void startApiServer(KubeBinaries binaries) throws IOException {
        launch(
                "kube-apiserver",
                binaries.apiServer().toString(),
                "--etcd-servers=unix://etcd.sock",
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--endpoint-reconciler-type=none",
                "--secure-port=" + port,
                "--cert-dir=pki",
                "--authorization-mode=RBAC",
                "--token-auth-file=tokens.csv",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=service-accounts.key",
                "--service-account-signing-key-file=service-accounts.key",
                "--service-cluster-ip-range=10.96.0.0/16",
                // Nodes that no kubelet reports for would stay tainted as not ready.
                "--disable-admission-plugins=TaintNodesByCondition");
    }

    private void launch(String name, String... command) throws IOException {
        processes.launch(
                name, new ProcessBuilder(command).directory(processes.folder().toFile()));
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (!isReady()) {
            if (!processes.areAlive()) {
                throw new IOException("the API server did not start:\n" + lastWords());
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "the API server was not ready after " + START.toSeconds() + " seconds:\n" + lastWords());
            }
            Thread.sleep(100);
        }
    }

    private boolean isReady() throws InterruptedException {
        try {
            if (client == null) {
                client = KubeApi.of(url(), adminToken, Files.readAllBytes(servingCertificate()));
            }
            return client.get("/readyz").status() == 200
                    && client.get("/api/v1/namespaces/default").status() == 200;
        } catch (IOException e) {
            // No certificate or not the whole of it yet, or not listening; what is really wrong ends the process or the
            // wait.
            return false;
        }
    }

    private Path servingCertificate() {
        return processes.folder().resolve("pki").resolve("apiserver.crt");
    }

    private String lastWords() {
        return String.join("\n", processes.lastLines());
    }

    private void writeCredentials() throws IOException {
        Files.writeString(processes.folder().resolve("tokens.csv"), adminToken + ",admin,admin,system:masters\n");
        Files.writeString(processes.folder().resolve("service-accounts.key"), newKey());
        Files.writeString(
                kubeconfig(),
                String.join(
                        "\n",
                        "apiVersion: v1",
                        "kind: Config",
                        "clusters:",
                        "- name: stowage-demo",
                        "  cluster: {server: '" + url() + "', certificate-authority: '" + servingCertificate() + "'}",
                        "users:",
                        "- name: admin",
                        "  user: {token: '" + adminToken + "'}",
                        "contexts:",
                        "- name: stowage-demo",
                        "  context: {cluster: stowage-demo, user: admin, namespace: default}",
                        "current-context: stowage-demo",
                        ""));
    }

    private static String newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                            .encodeToString(key)
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA is part of every Java runtime", e);
        }
    }
}
