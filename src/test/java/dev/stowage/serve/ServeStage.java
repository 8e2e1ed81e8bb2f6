package dev.stowage.serve;

import dev.stowage.admission.AdmissionHandler;
import dev.stowage.cluster.watch.KarpenterPools;
import dev.stowage.cluster.watch.NamespaceInformer;
import dev.stowage.cluster.watch.NodeInformer;
import dev.stowage.cluster.watch.RuntimeClassInformer;
import dev.stowage.tls.CertificateSource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Everything that {@code stowage serve} consists of but for its server, in this process, with the rights of one client. */
public final class ServeStage implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final AdmissionHandler handler;
    private final AdmissionReadiness readiness;

    /**
     * Starts it; does not wait until it is ready.
     *
     * @param client the cluster, closed with this
     * @param environment what the pod's environment would be: the configuration's file, the pod's name and namespace
     */
    public ServeStage(KubernetesClient client, Map<String, String> environment) throws Exception {
        ServeBeans composition = new ServeBeans();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Vertx vertx = closing(Vertx.vertx(), ended -> ended.close()
                .toCompletionStage()
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        closing(client, KubernetesClient::close);
        ServeConfig config = ServeConfig.load(environment);
        CertificateSource certificates = closing(
                CertificateSources.of(
                        config.settings().tls(), false, environment, () -> client, Clock.systemUTC(), meters),
                CertificateSource::close);
        NodeInformer nodes = closing(composition.nodes(config, client), NodeInformer::close);
        NamespaceInformer namespaces = closing(composition.namespaces(client), NamespaceInformer::close);
        RuntimeClassInformer classes = closing(composition.runtimeClasses(client), RuntimeClassInformer::close);
        KarpenterPools karpenter = closing(composition.karpenter(config, client), KarpenterPools::close);
        AdmissionObservers observers = composition.observers(config, namespaces, meters);
        AdmissionComponents components = closing(
                composition.reviews(config, client, nodes, karpenter, namespaces, classes, observers, meters),
                AdmissionComponents::close);
        ReportOperatorRunner reports = closing(
                ReportOperatorRunner.of(config.config(), environment, client, components, observers, meters),
                ReportOperatorRunner::close);
        handler = composition.handler(components);
        CertificateReloader reloader = composition.reloader(certificates, meters);
        reloader.start(vertx);
        readiness = new AdmissionReadiness(
                ServeBeans.prerequisites(nodes, namespaces, classes, reports), reloader, Future::succeededFuture);
        readiness.start(vertx);
        reports.startAfter(readiness.ready());
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
        return readiness.ready().isDone();
    }

    /** What the readiness probe says of each part. */
    public Map<String, String> state() {
        return readiness.state();
    }

    /** The answer to this review. */
    public String ask(byte[] review) throws Exception {
        return new String(
                handler.handle(review).get(PATIENCE_SECONDS, TimeUnit.SECONDS).body(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
