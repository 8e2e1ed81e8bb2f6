package dev.stowage.serve;

import dev.stowage.admission.AdmissionEndpoint;
import dev.stowage.admission.AdmissionHandler;
import dev.stowage.admission.AdmissionMetrics;
import dev.stowage.admission.DenialLog;
import dev.stowage.admission.NamespaceMetrics;
import dev.stowage.admission.ReviewPaths;
import dev.stowage.admission.SteeringMetrics;
import dev.stowage.cluster.watch.ClusterTemplateDefaults;
import dev.stowage.cluster.watch.FactInformer;
import dev.stowage.cluster.watch.KarpenterPools;
import dev.stowage.cluster.watch.NamespaceInformer;
import dev.stowage.cluster.watch.NodeInformer;
import dev.stowage.cluster.watch.RuntimeClassInformer;
import dev.stowage.kube.ApiServerProxy;
import dev.stowage.kube.StoredObjects;
import dev.stowage.registry.RegistryMetrics;
import dev.stowage.registry.cache.CacheMetrics;
import dev.stowage.tls.CertificateSource;
import dev.stowage.tls.InvalidPemException;
import dev.stowage.tls.managed.SharedReviewPath;
import dev.stowage.workload.CustomKind;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.kubernetes.client.KubernetesConfigCustomizer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.runtime.KeyStoreAndKeyCertOptions;
import io.quarkus.tls.runtime.KeyStoreProvider;
import io.quarkus.vertx.http.ManagementInterface;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.net.KeyCertOptions;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.Readiness;

/** Puts the webhook together: the configuration, the cluster, the certificate, the engine, and what observes its answers. */
@Singleton
final class ServeBeans {

    /** The TLS configuration of Quarkus' server (application.properties). */
    private static final String TLS = "webhook";

    @Produces
    @Singleton
    ServeConfig config() {
        return ServeConfig.load(System.getenv());
    }

    @Produces
    @Singleton
    KubernetesConfigCustomizer apiServerProxy() {
        return config -> ApiServerProxy.configure(config, System.getenv());
    }

    @Produces
    @Singleton
    CertificateSource certificates(ServeConfig config, Instance<KubernetesClient> client, MeterRegistry meters) {
        return CertificateSources.of(
                config.settings().tls(),
                config.settings().steering().isOn(),
                System.getenv(),
                client::get,
                Clock.systemUTC(),
                meters);
    }

    void close(@Disposes CertificateSource certificates) {
        certificates.close();
    }

    @Produces
    @Singleton
    ReviewPaths paths(
            ServeConfig config,
            CertificateSource certificates,
            Instance<KubernetesClient> client,
            MeterRegistry meters) {
        return CertificateSources.paths(
                config.settings().tls(),
                config.settings().steering().isOn(),
                certificates,
                System.getenv(),
                client::get,
                Clock.systemUTC(),
                meters);
    }

    void close(@Disposes ReviewPaths paths) {
        if (paths instanceof SharedReviewPath shared) {
            shared.close();
        }
    }

    @Produces
    @Singleton
    CertificateReloader reloader(CertificateSource certificates, MeterRegistry meters)
            throws IOException, InvalidPemException {
        CertificateReloader reloader = new CertificateReloader(certificates);
        Gauge.builder("stowage.tls.certificate.expiry.timestamp", reloader, now -> now.expiry()
                        .getEpochSecond())
                .description("When the served certificate expires, in seconds since 1970")
                .baseUnit("seconds")
                .register(meters);
        return reloader;
    }

    @Produces
    @Singleton
    @Identifier(TLS)
    KeyStoreProvider keyStore(CertificateReloader reloader) {
        return vertx -> new KeyStoreAndKeyCertOptions(
                ReloadableKeyManager.emptyKeyStore(), KeyCertOptions.wrap(reloader.keyManager()));
    }

    @Produces
    @Singleton
    NodeInformer nodes(ServeConfig config, KubernetesClient client) {
        return started(new NodeInformer(client, List.of(), config.settings().transientTaints(), Clock.systemUTC()));
    }

    private static <I extends FactInformer<?, ?>> I started(I informer) {
        informer.start();
        return informer;
    }

    void close(@Disposes NodeInformer nodes) {
        nodes.close();
    }

    @Produces
    @Singleton
    KarpenterPools karpenter(ServeConfig config, KubernetesClient client) {
        KarpenterPools pools = new KarpenterPools(client, Clock.systemUTC());
        if (config.settings().readKarpenter()) {
            pools.start();
        }
        return pools;
    }

    void close(@Disposes KarpenterPools karpenter) {
        karpenter.close();
    }

    @Produces
    @Singleton
    NamespaceInformer namespaces(KubernetesClient client) {
        return started(new NamespaceInformer(client, Clock.systemUTC()));
    }

    void close(@Disposes NamespaceInformer namespaces) {
        namespaces.close();
    }

    @Produces
    @Singleton
    RuntimeClassInformer runtimeClasses(KubernetesClient client) {
        return started(new RuntimeClassInformer(client, Clock.systemUTC()));
    }

    void close(@Disposes RuntimeClassInformer runtimeClasses) {
        runtimeClasses.close();
    }

    @Produces
    @Singleton
    AdmissionObservers observers(ServeConfig config, NamespaceInformer namespaces, MeterRegistry meters) {
        AdmissionObservers observers = new AdmissionObservers();
        observers.add(new AdmissionMetrics(
                meters,
                config.settings().workloads().customKinds().stream()
                        .map(CustomKind::kind)
                        .toList()));
        if (config.config().metrics().byNamespace()) {
            observers.add(new NamespaceMetrics(meters, namespaces::knows, Clock.systemUTC()));
        }
        observers.add(new DenialLog());
        observers.addOfSteering(new SteeringMetrics(meters));
        return observers;
    }

    @Produces
    @Singleton
    AdmissionComponents reviews(
            ServeConfig config,
            KubernetesClient client,
            NodeInformer nodes,
            KarpenterPools karpenter,
            NamespaceInformer namespaces,
            RuntimeClassInformer runtimeClasses,
            AdmissionObservers observers,
            MeterRegistry meters) {
        return new AdmissionComponents(
                config.settings(),
                new AdmissionComponents.Dependencies(
                        StoredObjects.typed(client),
                        new NodesAndPools(nodes, karpenter::pools, namespace -> Optional.empty()),
                        namespaces,
                        new ClusterTemplateDefaults(namespaces, runtimeClasses),
                        new RegistryMetrics(meters),
                        new CacheMetrics(meters),
                        observers,
                        observers));
    }

    void close(@Disposes AdmissionComponents components) {
        components.close();
    }

    @Produces
    @Singleton
    AdmissionHandler handler(AdmissionComponents components) {
        return components.handler();
    }

    @Produces
    @Singleton
    ReportOperatorRunner reports(
            ServeConfig config,
            KubernetesClient client,
            AdmissionComponents components,
            AdmissionObservers observers,
            MeterRegistry meters) {
        return ReportOperatorRunner.of(config.config(), System.getenv(), client, components, observers, meters);
    }

    @Produces
    @Singleton
    AdmissionReadiness readiness(
            ServeConfig config,
            CertificateReloader reloader,
            NodeInformer nodes,
            KarpenterPools karpenter,
            NamespaceInformer namespaces,
            RuntimeClassInformer runtimeClasses,
            ReportOperatorRunner reports,
            ReviewPaths paths,
            KubernetesClient client,
            WarmUp warmUp) {
        List<ReadinessCondition> prerequisites =
                new ArrayList<>(prerequisites(nodes, namespaces, runtimeClasses, reports));
        if (config.settings().readKarpenter()) {
            prerequisites.add(new ReadinessCondition("karpenter", karpenter::settled, karpenter::state));
        }
        if (paths instanceof SharedReviewPath shared) {
            prerequisites.add(ReadinessCondition.of(shared));
        }
        return new AdmissionReadiness(prerequisites, reloader, () -> warmUp.run(Optional.of(client)));
    }

    /** The conditions of readiness; reports are shown and never waited for: admission does not need them. */
    static List<ReadinessCondition> prerequisites(
            NodeInformer nodes,
            NamespaceInformer namespaces,
            RuntimeClassInformer runtimeClasses,
            ReportOperatorRunner reports) {
        return List.of(
                ReadinessCondition.of(nodes),
                ReadinessCondition.of(namespaces),
                ReadinessCondition.of(runtimeClasses),
                reports.seeds(),
                new ReadinessCondition("reports", () -> true, reports::state));
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck check(AdmissionReadiness readiness) {
        return readiness::call;
    }

    /** Makes what answers at the start, and not with the first review. */
    void start(@Observes StartupEvent event, AdmissionEndpoint endpoint) {
        // made by being here
    }

    /** Beans are destroyed in no particular order: the reports end before what they scan with, whose end would fail their scans. */
    void stop(@Observes ShutdownEvent event, AdmissionReadiness readiness, ReportOperatorRunner reports) {
        readiness.close();
        reports.close();
    }

    /** {@code GET /ca.pem} on the management port: the certificate, which is public, that goes into {@code caBundle}. */
    void caRoute(@Observes ManagementInterface management, CertificateSource certificates) {
        management.router().get("/ca.pem").handler(context -> certificates
                .caPem()
                .ifPresentOrElse(
                        pem -> context.response()
                                .putHeader("Content-Type", "application/x-pem-file")
                                .end(pem),
                        context::next));
    }
}
