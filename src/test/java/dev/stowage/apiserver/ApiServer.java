package dev.stowage.apiserver;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubeapitest.KubeAPITestException;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** A real API server with its etcd and nothing else (no controllers, no nodes), one for all tests of a JVM. */
public final class ApiServer {

    private static ApiServer started;

    private final KubeAPIServer server;
    private final KubernetesClient client;

    private ApiServer(KubeAPIServer server) {
        this.server = server;
        this.client = new KubernetesClientBuilder().withConfig(config()).build();
    }

    /** The running server; where its binaries are absent the test is skipped and says how to get them. */
    public static synchronized ApiServer orSkip() {
        if (started == null) {
            Optional<Path> folder = folder();
            Assumptions.assumeTrue(
                    folder.isPresent(),
                    "no binaries of an API server: run hack/kube-binaries, or point KUBE_API_TEST_DIR at them");
            started = new ApiServer(start(folder.orElseThrow()));
            Runtime.getRuntime().addShutdownHook(new Thread(started::stop));
        }
        return started;
    }

    /** A client that may do everything; not to be closed. */
    public KubernetesClient client() {
        return client;
    }

    /** How to reach it with every right; a fresh copy each time. */
    public Config config() {
        return Config.fromKubeconfig(server.getKubeConfigYaml());
    }

    private void stop() {
        client.close();
        server.stop();
    }

    /** Once more if it dies at the start: kube-api-test may give etcd and the API server the same port. */
    private static KubeAPIServer start(Path folder) {
        try {
            return startOnce(folder);
        } catch (KubeAPITestException e) {
            return startOnce(folder);
        }
    }

    private static KubeAPIServer startOnce(Path folder) {
        KubeAPIServer server = new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(folder.toString())
                .withOfflineMode(true)
                .withUpdateKubeConfig(false)
                .build());
        try {
            server.start();
            return server;
        } catch (KubeAPITestException e) {
            server.stop();
            throw e;
        }
    }

    private static Optional<Path> folder() {
        String named = System.getenv(KubeAPIServerConfigBuilder.KUBE_API_TEST_DIR);
        Path folder = named == null || named.isEmpty()
                ? Path.of(System.getProperty("user.home"), KubeAPIServerConfigBuilder.DIRECTORY_NAME)
                : Path.of(named);
        return Files.isDirectory(folder.resolve("k8s")) ? Optional.of(folder) : Optional.empty();
    }
}
