package dev.stowage.serve;

import dev.stowage.cluster.NamespaceInformer;
import dev.stowage.cluster.NodeInformer;
import dev.stowage.cluster.RuntimeClassInformer;
import dev.stowage.config.Settings;
import dev.stowage.tls.CertificateSource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Everything that {@code stowage serve} consists of, in this process, with the rights of one client. */
public final class ServeStage implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Serving serving;
    private final int port;

    /**
     * Starts it; does not wait until it is ready.
     *
     * @param client the cluster, closed with this
     * @param environment what the pod's environment would be: the configuration's file, the pod's name and namespace
     */
    public ServeStage(KubernetesClient client, Map<String, String> environment) throws Exception {
        Composition composition = new Composition();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Vertx vertx = closing(Vertx.vertx(), ended -> ended.close()
                .toCompletionStage()
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        closing(client, KubernetesClient::close);
        ConfigFile config = new ConfigFile(environment, Settings.Place.CLUSTER);
        CertificateSource certificates = closing(
                Certificates.of(config.settings().tls(), environment, () -> client, Clock.systemUTC(), meters),
                CertificateSource::close);
        NodeInformer nodes = closing(composition.nodes(client), NodeInformer::close);
        NamespaceInformer namespaces = closing(composition.namespaces(client), NamespaceInformer::close);
        RuntimeClassInformer classes = closing(composition.runtimeClasses(client), RuntimeClassInformer::close);
        Listeners answers = composition.answers(config, meters);
        ConfiguredReviews reviews = closing(
                composition.reviews(config, client, nodes, namespaces, answers, classes, meters, vertx),
                ConfiguredReviews::close);
        Reports reports =
                closing(Reports.of(config.atStart(), environment, client, reviews, answers, meters), Reports::close);
        serving = new Serving(
                vertx,
                composition.parts(
                        composition.server(config), certificates, reviews, nodes, namespaces, classes, reports, vertx));
        reports.startAfter(serving.ready());
        port = serving.start().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        open.push(() -> serving.drain().get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    /** Something that may fail to end. */
    @FunctionalInterface
    private interface Ending<T> {
        void of(T part) throws Exception;
    }

    private <T> T closing(T part, Ending<T> ending) {
        open.push(() -> ending.of(part));
        return part;
    }

    /** Whether reviews should be sent here. */
    public boolean isReady() {
        return serving.isReady();
    }

    /** What the readiness probe says of each part. */
    public Map<String, String> state() {
        return serving.state();
    }

    /** The answer to this review, sent to the webhook's port. */
    public String ask(byte[] review) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/validate?timeout=10s"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(review))
                .build();
        return HttpClient.newBuilder()
                .sslContext(trustingAnyone())
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Override
    public void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    /** For where a stand-in is served, whose authority nobody is told. */
    private static SSLContext trustingAnyone() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAnyone()}, new SecureRandom());
        return context;
    }

    private static final class TrustsAnyone extends X509ExtendedTrustManager {

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
