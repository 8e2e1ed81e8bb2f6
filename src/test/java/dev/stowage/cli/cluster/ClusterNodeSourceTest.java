package dev.stowage.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.stowage.kube.ClusterUnavailableException;
import dev.stowage.node.NodeFacts;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterNodeSourceTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private HttpServer server;
    private volatile int status = 200;

    @TempDir
    private Path folder;

    @BeforeEach
    void apiServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/nodes", exchange -> {
            boolean second = String.valueOf(exchange.getRequestURI().getQuery()).contains("continue=more");
            String body = status == 200
                    ? page(second)
                    : "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"no\",\"code\":"
                            + status + "}";
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void allPagesOfNodesAreRead() throws Exception {
        List<NodeFacts> nodes = ClusterNodeSource.read(
                        Optional.of("two"), Optional.of(kubeconfig("one", address())), List.of(), true, TIMEOUT)
                .nodes();

        assertThat(nodes).extracting(NodeFacts::name).containsExactly("a", "b");
        assertThat(nodes)
                .extracting(node -> node.profile().orElseThrow())
                .containsExactly(
                        new NodeProfile(Platform.of("linux", "amd64"), RuntimeFamily.CONTAINERD_1),
                        new NodeProfile(Platform.of("linux", "arm64"), RuntimeFamily.CRIO));
    }

    @Test
    @DisplayName("kubeconfig missing")
    void kubeconfigMissing() {
        Path file = folder.resolve("none");

        ClusterUnavailableException problem = problem(Optional.of("one"), file);

        assertThat(problem)
                .hasMessage("there is no readable kubeconfig at " + file
                        + "; name one with --kubeconfig FILE, or platforms with --platform");
        assertThat(problem.wasContacted()).isFalse();
    }

    @Test
    @DisplayName("kubeconfig broken")
    void kubeconfigBroken() throws Exception {
        Path file = Files.writeString(folder.resolve("broken"), "{{{ not: [yaml");

        assertThat(problem(Optional.empty(), file))
                .hasMessageContaining("cannot be read; fix it, or name another one with --kubeconfig FILE");
    }

    @Test
    @DisplayName("several contexts and none current")
    void severalContexts() throws Exception {
        assertThat(problem(Optional.empty(), kubeconfig("", address())))
                .hasMessage("the kubeconfig has no current context; choose with --context one of one, two");
    }

    @Test
    @DisplayName("unknown context")
    void unknownContext() throws Exception {
        assertThat(problem(Optional.of("three"), kubeconfig("one", address())))
                .hasMessage("the kubeconfig has no context \"three\"; choose with --context one of one, two");
    }

    @Test
    @DisplayName("credentials expired")
    void credentialsExpired() throws Exception {
        status = 401;

        ClusterUnavailableException problem = problem(Optional.of("two"), kubeconfig("one", address()));

        assertThat(problem)
                .hasMessage("the cluster rejects the credentials of context \"two\", which may have expired;"
                        + " log in again, or choose another with --context");
        assertThat(problem.wasContacted()).isTrue();
    }

    @Test
    @DisplayName("may not list nodes")
    void mayNotListNodes() throws Exception {
        status = 403;

        assertThat(problem(Optional.empty(), kubeconfig("one", address())))
                .hasMessage("the user of context \"one\" may not list nodes; choose another with --context,"
                        + " or name platforms with --platform");
    }

    @Test
    @DisplayName("cluster unreachable")
    void clusterUnreachable() throws Exception {
        String free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = "http://127.0.0.1:" + socket.getLocalPort();
        }

        ClusterUnavailableException problem = problem(Optional.empty(), kubeconfig("one", free));

        assertThat(problem)
                .hasMessageStartingWith("the cluster of context \"one\" (" + free + "/) cannot be reached: ")
                .hasMessageContaining("refused")
                .hasMessageEndingWith("; choose another with --context, or name platforms with --platform");
        assertThat(problem.getMessage().lines()).hasSize(1);
    }

    private static ClusterUnavailableException problem(Optional<String> context, Path kubeconfig) {
        return catchThrowableOfType(
                ClusterUnavailableException.class,
                () -> ClusterNodeSource.read(context, Optional.of(kubeconfig), List.of(), true, TIMEOUT));
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private Path kubeconfig(String current, String server) throws IOException {
        return Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: "%s"
                clusters:
                - {name: c, cluster: {server: "%s"}}
                users:
                - {name: u, user: {token: t}}
                contexts:
                - {name: one, context: {cluster: c, user: u}}
                - {name: two, context: {cluster: c, user: u}}
                """.formatted(current, server));
    }

    private static String page(boolean second) {
        String info = second
                ? "{\"operatingSystem\":\"linux\",\"architecture\":\"arm64\",\"containerRuntimeVersion\":\"cri-o://1.33.1\"}"
                : "{\"operatingSystem\":\"linux\",\"architecture\":\"amd64\",\"containerRuntimeVersion\":\"containerd://1.7.27\"}";
        return "{\"kind\":\"NodeList\",\"apiVersion\":\"v1\",\"metadata\":{" + (second ? "" : "\"continue\":\"more\"")
                + "},\"items\":[{\"metadata\":{\"name\":\"" + (second ? "b" : "a") + "\"},\"status\":{\"nodeInfo\":"
                + info
                + "}}]}";
    }
}
