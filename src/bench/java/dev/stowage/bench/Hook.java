package dev.stowage.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.stowage.admission.AdmissionAnswer;
import dev.stowage.admission.AdmissionMetrics;
import dev.stowage.admission.DenialLog;
import dev.stowage.admission.NamespaceModes;
import dev.stowage.admission.TemplateDefaults;
import dev.stowage.config.ConfigLoader;
import dev.stowage.config.Settings;
import dev.stowage.node.NodeFacts;
import dev.stowage.registry.RegistryMetrics;
import dev.stowage.registry.cache.CacheMetrics;
import dev.stowage.serve.ConfiguredReviews;
import dev.stowage.serve.ReviewHandler;
import dev.stowage.serve.ServerSettings;
import dev.stowage.serve.WebhookServer;
import dev.stowage.tls.CertificateAuthority;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReview;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReviewBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A webhook in a process of its own, on Stowage's server: Stowage itself, put together as {@code stowage serve} does, or what it
 * is compared with. Prints {@code port N} when it listens, and ends when its standard input does.
 */
public final class Hook {

    /** What answers. */
    public enum Kind {
        /** The baseline: allows everything and looks at nothing, so what is left is TLS, HTTP/2 and the server. */
        EMPTY,
        /** The usual way in Java: binds the whole review to fabric8's model, allows, and writes the model. */
        BINDING,
        /** Stowage. */
        STOWAGE
    }

    private static final String JSON = "application/json";
    private static final Duration DAY = Duration.ofDays(1);

    private Hook() {}

    /**
     * Runs one.
     *
     * @param args the {@link Kind}, and how many nodes the cluster has
     */
    public static void main(String... args) throws IOException {
        ReviewHandler handler =
                switch (Kind.valueOf(args[0])) {
                    case EMPTY -> empty();
                    case BINDING -> binding();
                    case STOWAGE -> stowage(Integer.parseInt(args[1]));
                };
        Vertx vertx = Vertx.vertx();
        int loops = Runtime.getRuntime().availableProcessors();
        WebhookServer server = new WebhookServer(
                vertx, new ServerSettings("127.0.0.1", 0, loops, Duration.ZERO, Duration.ofSeconds(1)), handler);
        CertificateAuthority authority = CertificateAuthority.create(Clock.systemUTC(), DAY);
        int port = server.start(authority.issue(List.of("127.0.0.1"), Clock.systemUTC(), DAY))
                .join();
        System.out.println("port " + port);
        while (System.in.read() >= 0) {
            // until the one who started it ends
        }
        System.exit(0);
    }

    private static ReviewHandler empty() {
        byte[] allow = ("{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"response\":"
                        + "{\"uid\":\"705ab4f5-6393-11e8-b7cc-42010a800002\",\"allowed\":true}}")
                .getBytes(StandardCharsets.UTF_8);
        CompletableFuture<AdmissionAnswer> answer =
                CompletableFuture.completedFuture(new AdmissionAnswer(200, JSON, allow));
        return (body, type) -> answer;
    }

    private static ReviewHandler binding() {
        ObjectMapper mapper = new ObjectMapper();
        return (body, type) -> {
            try {
                AdmissionReview review = mapper.readValue(body, AdmissionReview.class);
                AdmissionReview response = new AdmissionReviewBuilder()
                        .withApiVersion(review.getApiVersion())
                        .withKind(review.getKind())
                        .withNewResponse()
                        .withUid(review.getRequest().getUid())
                        .withAllowed(true)
                        .endResponse()
                        .build();
                return CompletableFuture.completedFuture(
                        new AdmissionAnswer(200, JSON, mapper.writeValueAsBytes(response)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static ReviewHandler stowage(int count) throws IOException {
        Settings settings = Settings.of(
                new ConfigLoader(Map.of()).parse("bench", "stowage: {addresses: {allowLoopback: true}}"),
                "bench",
                Settings.Place.CLUSTER,
                Map.of());
        MeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        AdmissionMetrics metrics = new AdmissionMetrics(meters, List.of());
        DenialLog log = new DenialLog();
        List<NodeFacts> nodes = MadeNodes.of(count);
        return new ConfiguredReviews(
                settings,
                new ConfiguredReviews.Surroundings(
                        cluster(),
                        () -> nodes,
                        NamespaceModes.NONE,
                        TemplateDefaults.NONE,
                        new RegistryMetrics(meters),
                        new CacheMetrics(meters),
                        outcome -> {
                            metrics.answered(outcome);
                            log.answered(outcome);
                        }));
    }

    /** An API server that knows one ServiceAccount, without pull secrets, in every namespace. */
    private static KubernetesClient cluster() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", exchange -> {
            byte[] account = "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"default\"}}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", JSON);
            exchange.sendResponseHeaders(200, account.length);
            exchange.getResponseBody().write(account);
            exchange.close();
        });
        server.start();
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .build())
                .build();
    }
}
