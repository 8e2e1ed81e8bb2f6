package dev.stowage.apiserver;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.report.ReportWorld;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.Reviews;
import dev.stowage.testing.TrustingClient;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code stowage serve} as it is run: the built application in a process of its own, next to a real API server. */
@RequiresApiServer
class ServeIT {

    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final Pattern WEBHOOK = Pattern.compile("https://127\\.0\\.0\\.1:(\\d+)/validate");
    private static final Pattern MANAGEMENT = Pattern.compile("Management interface listening on http://\\S+:(\\d+)");
    private static final Pattern AUTHORITY =
            Pattern.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----", Pattern.DOTALL);

    /** Denied whatever the nodes are, and no registry is asked. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final byte[] DENIED =
            Reviews.create(Reviews.pod("main=r.example/UPPER:1")).bytes();

    private final HttpClient plain =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private Path folder;

    private Path out;
    private Process process;
    private int management;
    private URI webhook;
    private HttpClient client;

    @BeforeEach
    void start() throws Exception {
        ApiServer server = ApiServer.shared();
        try (KubernetesClient admin = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(server.kubeconfig()))
                .build()) {
            ReportWorld.installCrd(admin);
        }
        out = folder.resolve("out");
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
        Path config = Files.writeString(
                folder.resolve("config.yaml"),
                "stowage:\n  server: {host: 127.0.0.1, port: 0, drainDelay: 5s}\n  metrics: {byNamespace: true}\n");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        JAR.toString(),
                        "serve",
                        "--print-ca")
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        builder.environment().put("STOWAGE_CONFIG", config.toString());
        builder.environment().put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        builder.environment().put("QUARKUS_MANAGEMENT_PORT", "0");
        process = builder.start();
        management = Integer.parseInt(printed(MANAGEMENT).group(1));
        int port = Integer.parseInt(printed(WEBHOOK).group(1));
        webhook = URI.create("https://127.0.0.1:" + port + "/validate");
        client = TrustingClient.of(printed(AUTHORITY).group(), HttpClient.Version.HTTP_1_1);
        awaitReady();
    }

    @AfterEach
    void stop() throws Exception {
        if (process != null) {
            process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
    }

    @Test
    @DisplayName("it becomes ready, answers, counts, logs one line a denial, and gives its authority")
    void serves() throws Exception {
        assertThat(get("/metrics").body())
                .as("what the warm-up left")
                .contains("stowage_admission_requests_in_flight 0")
                .doesNotContain(
                        "stowage_admission_request_duration", "stowage_admission_denied", "stowage_admission_namespace")
                .doesNotContain("stowage_registry_request")
                .doesNotContainPattern("stowage_cache_requests_total\\{.*} [^0]");
        assertThat(output()).doesNotContain("denied", "warm-up", "WARN", "ERROR");
        assertThat(post().get(20, TimeUnit.SECONDS).body()).contains("\"allowed\":false");
        assertThat(get("/ca.pem").body()).contains(printed(AUTHORITY).group());
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").body())
                .contains("\"nodes\"")
                .contains("current")
                .contains("not installed");
        assertThat(get("/metrics").body())
                .containsPattern(
                        "stowage_admission_request_duration_seconds_count\\{decision=\"denied\",kind=\"Pod\"} 1")
                .containsPattern(
                        "stowage_admission_namespace_reviews_total\\{decision=\"denied\",resource_namespace=\"shop\"} 1")
                .contains("stowage_tls_certificate_expiry_timestamp_seconds");
        assertThat(Files.readAllLines(out))
                .filteredOn(line -> line.contains("denied kind=Pod"))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("namespace=shop", "name=web", "UPPER"));
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpVersion.class,
            names = {"HTTP_1_1", "HTTP_2"})
    @DisplayName("SIGTERM during a burst: no longer ready at once, every review is answered, then it ends")
    void sigterm(HttpVersion version) throws Exception {
        Vertx vertx = Vertx.vertx();
        // As Go's does, and unlike Java's, this client lets what was begun end when the server sends it away (GOAWAY).
        io.vertx.core.http.HttpClient burst = vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(version)
                .setSsl(true)
                .setUseAlpn(true)
                .setMaxPoolSize(4)
                .setPemTrustOptions(new PemTrustOptions()
                        .addCertValue(Buffer.buffer(printed(AUTHORITY).group()))));
        AtomicBoolean sending = new AtomicBoolean(true);
        AtomicInteger answered = new AtomicInteger();
        List<CompletableFuture<Void>> senders = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            senders.add(CompletableFuture.runAsync(() -> {
                while (sending.get()) {
                    assertThat(burst.request(HttpMethod.POST, webhook.getPort(), "127.0.0.1", "/validate")
                                    // not sent yet: the connection that it was to go to has just been left
                                    .recover(left ->
                                            burst.request(HttpMethod.POST, webhook.getPort(), "127.0.0.1", "/validate"))
                                    .compose(request -> request.putHeader("Content-Type", "application/json")
                                            .send(Buffer.buffer(DENIED)))
                                    .compose(HttpClientResponse::body)
                                    .toCompletionStage()
                                    .toCompletableFuture()
                                    .join()
                                    .toString())
                            .contains("\"allowed\":false");
                    answered.incrementAndGet();
                }
            }));
        }
        await("a burst", () -> answered.get() >= 20 || senders.stream().anyMatch(CompletableFuture::isDone));
        process.destroy();
        await("it to be unready", () -> get("/health/ready").statusCode() != 200);
        int then = answered.get();
        await(
                "answers while it drains",
                () -> answered.get() >= then + 20 || senders.stream().anyMatch(CompletableFuture::isDone));
        sending.set(false);
        for (CompletableFuture<Void> sender : senders) {
            sender.get(60, TimeUnit.SECONDS);
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(Files.readString(out)).doesNotContain("ERROR", "Exception");
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("while it drains, each connection ends after its next answer")
    void leaves() throws Exception {
        assertThat(post().get(20, TimeUnit.SECONDS).headers().firstValue("connection"))
                .isEmpty();
        process.destroy();
        await("it to be unready", () -> get("/health/ready").statusCode() != 200);
        HttpResponse<String> last = post().get(20, TimeUnit.SECONDS);
        assertThat(last.body()).contains("\"allowed\":false");
        assertThat(last.headers().firstValue("connection")).contains("close");
        assertThat(post().get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    private CompletableFuture<HttpResponse<String>> post() {
        HttpRequest request = HttpRequest.newBuilder(webhook)
                .timeout(TrustingClient.PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(DENIED))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + path))
                .timeout(TrustingClient.PATIENCE)
                .build();
        return plain.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private void awaitReady() {
        await(
                "it to be ready",
                PATIENCE,
                this::output,
                () -> get("/health/ready").statusCode() == 200);
    }

    private Matcher printed(Pattern pattern) {
        await("it to print " + pattern, PATIENCE, this::output, () -> {
            assertThat(process.isAlive()).as(this::output).isTrue();
            return pattern.matcher(output()).find();
        });
        Matcher matcher = pattern.matcher(output());
        assertThat(matcher.find()).isTrue();
        return matcher;
    }

    private String output() {
        try {
            return Files.readString(out, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
