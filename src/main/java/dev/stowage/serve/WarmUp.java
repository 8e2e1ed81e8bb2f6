package dev.stowage.serve;

import dev.stowage.admission.AdmissionEndpoint;
import dev.stowage.admission.AdmissionMetrics;
import dev.stowage.admission.DenialLog;
import dev.stowage.admission.NamespaceModes;
import dev.stowage.admission.ReceivedReview;
import dev.stowage.admission.TemplateDefaults;
import dev.stowage.config.Settings;
import dev.stowage.kube.OwnNamespace;
import dev.stowage.node.NodeFacts;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.registry.RegistryMetrics;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.cache.CacheMetrics;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.quarkus.vertx.http.HttpServer;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import jakarta.inject.Singleton;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * Sends reviews through the whole path before the webhook is ready: TLS, HTTP/1.1 (as API servers send) and HTTP/2, JSON, pull secrets,
 * the registry client, the rules and the messages. They load their classes on first use, which would cost the first real reviews a
 * second. What answers is a handler with registries, nodes, caches and meters of its own, at a path that nobody else knows, and only as
 * long as the warm-up runs.
 */
@Singleton
@Path(WarmUp.PREFIX + "{token}")
public class WarmUp {

    /** Below it stands a token that only the process itself knows. */
    static final String PREFIX = "/warm-up/";

    static final int LEAST = 48;
    private static final int MOST = 200;
    private static final int CONCURRENCY = 4;

    /** Where processors are scarce, being ready is worth more than being fast. */
    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(500);

    /** The usual one, with more time: on a busy machine the first reviews are slow. */
    private static final PolicyConfig POLICY = PolicyConfig.DEFAULT.withAdmissionDeadline(Duration.ofSeconds(15));

    private final ServeConfig config;
    private final Vertx vertx;
    private final HttpServer server;
    private final ClientAuthentication clientAuthentication;
    private volatile Optional<Run> current = Optional.empty();

    WarmUp(ServeConfig config, Vertx vertx, HttpServer server, ClientAuthentication clientAuthentication) {
        this.config = config;
        this.vertx = vertx;
        this.server = server;
        this.clientAuthentication = clientAuthentication;
    }

    /** Whether a warm-up that runs sends its reviews to this path. */
    boolean accepts(String path) {
        return endpointAt(path).isPresent();
    }

    /** What answers the reviews of a warm-up that runs, if it sends them to this path. */
    Optional<AdmissionEndpoint> endpointAt(String path) {
        return current.filter(run -> path.equals(PREFIX + run.token)).map(run -> run.endpoint);
    }

    /** Answers a review of the warm-up that runs. */
    @POST
    public Uni<RestResponse<byte[]>> review(
            @PathParam("token") String token,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            ReceivedReview received) {
        return current.map(run -> run.endpoint.review(contentType, received, false))
                .orElseGet(() -> Uni.createFrom().item(RestResponse.notFound()));
    }

    /**
     * Completes when the path is warm; fails with a sentence when a review was not answered.
     *
     * @param cluster the cluster, of which a ServiceAccount is read as for pull secrets; empty if there is none
     */
    Future<Void> run(Optional<KubernetesClient> cluster) {
        WarmUpRegistry registry = new WarmUpRegistry(vertx);
        return registry.listen()
                .compose(listening -> {
                    Run run = new Run(registry, cluster);
                    current = Optional.of(run);
                    return run.all().eventually(() -> {
                        current = Optional.empty();
                        return run.close();
                    });
                })
                .eventually(registry::close);
    }

    /** The webhook's own parts, with other registries and one node, which leave nothing but these meters. */
    static AdmissionComponents components(
            RegistrySettings registries, KubernetesClient cluster, boolean readPullSecrets, MeterRegistry meters) {
        NodeFacts node = new NodeFacts(
                "warm-up",
                false,
                Optional.of(NodeProfile.of(Platform.of("linux", "amd64"))),
                Map.of("kubernetes.io/os", "linux", "kubernetes.io/arch", "amd64"),
                List.of());
        Settings settings = Settings.local(registries).withPolicy(POLICY).withReadPullSecrets(readPullSecrets);
        AdmissionMetrics metrics = new AdmissionMetrics(meters, List.of());
        DenialLog silent = new DenialLog(line -> {});
        return new AdmissionComponents(
                settings,
                new AdmissionComponents.Dependencies(
                        cluster,
                        () -> List.of(node),
                        NamespaceModes.NONE,
                        TemplateDefaults.NONE,
                        new RegistryMetrics(meters),
                        new CacheMetrics(meters),
                        event -> {
                            metrics.answered(event);
                            silent.answered(event);
                        }));
    }

    /** The n-th review: a pod or a deployment, in turn, and every other pair of images that do not run. */
    static String review(int number, List<String> registries, String namespace) {
        String tag = (number % 4 < 2 ? "amd64-" : "arm64-") + number % LEAST;
        String spec = """
                {"nodeSelector":{"kubernetes.io/os":"linux"},"containers":[{"name":"a","image":"%2$s/app:%1$s"},\
                {"name":"b","image":"%3$s/app:%1$s"}]}""".formatted(tag, registries.get(0), registries.get(1));
        return number % 2 == 0
                ? review("", "Pod", "pods", namespace, spec)
                : review("apps", "Deployment", "deployments", namespace, "{\"template\":{\"spec\":" + spec + "}}");
    }

    private static String review(String group, String kind, String resource, String namespace, String spec) {
        return """
                {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"warm-up","operation":"CREATE",\
                "kind":{"group":"%1$s","version":"v1","kind":"%2$s"},"resource":{"group":"%1$s","version":"v1","resource":"%3$s"},\
                "name":"warm-up","namespace":"%6$s","userInfo":{"username":"stowage"},"oldObject":null,\
                "object":{"apiVersion":"%5$s","kind":"%2$s","metadata":{"name":"warm-up"},"spec":%4$s}}}""".formatted(group, kind, resource, spec, group.isEmpty() ? "v1" : group + "/v1", namespace);
    }

    /** Stands where there is no cluster; nothing is read from it. */
    private static KubernetesClient unreachable() {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:1")
                        .build())
                .build();
    }

    /** One warm-up from its first review to its last. */
    private final class Run {

        private final String token = UUID.randomUUID().toString();
        private final String namespace = OwnNamespace.orUsual(System.getenv());
        private final MeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        private final List<String> addresses;
        private final AdmissionComponents components;
        private final AdmissionEndpoint endpoint;
        private final List<HttpClient> clients = List.of(client(HttpVersion.HTTP_1_1), client(HttpVersion.HTTP_2));
        private final long begin = System.nanoTime();
        private int next;

        Run(WarmUpRegistry registry, Optional<KubernetesClient> cluster) {
            addresses = registry.addresses();
            components = components(
                    registry.settings(),
                    cluster.orElseGet(WarmUp::unreachable),
                    cluster.isPresent() && config.settings().readPullSecrets(),
                    meters);
            endpoint = new AdmissionEndpoint(components.handler(), meters);
        }

        private HttpClient client(HttpVersion version) {
            return vertx.createHttpClient(clientAuthentication.identify(new HttpClientOptions()
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setProtocolVersion(version)
                    // to this process itself; the certificate names a Service, not this address
                    .setTrustAll(true)
                    .setVerifyHost(false)));
        }

        Future<Void> all() {
            return Future.all(IntStream.range(0, CONCURRENCY)
                            .mapToObj(lane -> further())
                            .toList())
                    .mapEmpty();
        }

        private synchronized Future<Void> further() {
            int number = next++;
            boolean late = number >= LEAST && System.nanoTime() - begin > LONGEST;
            return number >= MOST || late
                    ? Future.succeededFuture()
                    : send(number).compose(answered -> further());
        }

        private Future<Void> send(int number) {
            String host = config.config().server().host();
            String self = "0.0.0.0".equals(host) ? "127.0.0.1" : "::".equals(host) ? "::1" : host;
            return clients.get(number % clients.size())
                    .request(HttpMethod.POST, server.getSecurePort(), self, PREFIX + token)
                    .compose(request -> request.putHeader("Content-Type", "application/json")
                            .send(Buffer.buffer(review(number, addresses, namespace))))
                    .compose(response -> response.body()
                            .compose(body -> response.statusCode() == 200
                                    ? Future.succeededFuture()
                                    : Future.failedFuture(
                                            "the warm-up was answered with " + response.statusCode() + ": " + body)));
        }

        Future<Void> close() {
            components.close();
            meters.close();
            return Future.join(clients.stream().map(HttpClient::close).toList()).mapEmpty();
        }
    }
}
