package dev.stowage.serve;

import dev.stowage.admission.AdmissionMetrics;
import dev.stowage.admission.AdmissionObserver;
import dev.stowage.admission.DenialLog;
import dev.stowage.cluster.ClusterTemplateDefaults;
import dev.stowage.cluster.NamespaceInformer;
import dev.stowage.cluster.NodeInformer;
import dev.stowage.cluster.RuntimeClassInformer;
import dev.stowage.config.Settings;
import dev.stowage.config.StowageConfig;
import dev.stowage.registry.RegistryMetrics;
import dev.stowage.registry.cache.CacheMetrics;
import dev.stowage.workload.CustomKind;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Puts the webhook together: the configuration, the cluster, the engine, and who is told. */
@Singleton
final class Composition {

    private static final Duration CONFIG_LOOK = Duration.ofSeconds(5);

    @Produces
    @Singleton
    ConfigFile config() {
        return new ConfigFile(System.getenv(), Settings.Place.CLUSTER);
    }

    @Produces
    @Singleton
    ServerSettings server(ConfigFile config) {
        StowageConfig.Server said = config.atStart().server();
        return new ServerSettings(
                said.host(), said.port(), ServerSettings.DEFAULT.eventLoops(), said.drainDelay(), said.drainTimeout());
    }

    /** Until a cluster's Secret holds one for all replicas: given files, or an authority of this process. */
    @Produces
    @Singleton
    CertificateSource certificates(
            @ConfigProperty(name = "stowage-tls.certificate") Optional<Path> certificate,
            @ConfigProperty(name = "stowage-tls.key") Optional<Path> key,
            @ConfigProperty(
                            name = "stowage-tls.names",
                            defaultValue = "stowage.stowage.svc,stowage.stowage.svc.cluster.local,localhost,127.0.0.1")
                    List<String> names) {
        return certificate.isPresent() && key.isPresent()
                ? new GivenCertificate(certificate.get(), key.get())
                : new OwnCertificate(names, Clock.systemUTC());
    }

    @Produces
    @Singleton
    NodeInformer nodes(KubernetesClient client) {
        NodeInformer nodes = new NodeInformer(client, List.of(), Clock.systemUTC());
        nodes.start();
        return nodes;
    }

    void close(@Disposes NodeInformer nodes) {
        nodes.close();
    }

    @Produces
    @Singleton
    NamespaceInformer namespaces(KubernetesClient client) {
        NamespaceInformer namespaces = new NamespaceInformer(client, Clock.systemUTC());
        namespaces.start();
        return namespaces;
    }

    void close(@Disposes NamespaceInformer namespaces) {
        namespaces.close();
    }

    @Produces
    @Singleton
    RuntimeClassInformer runtimeClasses(KubernetesClient client) {
        RuntimeClassInformer runtimeClasses = new RuntimeClassInformer(client, Clock.systemUTC());
        runtimeClasses.start();
        return runtimeClasses;
    }

    void close(@Disposes RuntimeClassInformer runtimeClasses) {
        runtimeClasses.close();
    }

    @Produces
    @Singleton
    ConfiguredReviews reviews(
            ConfigFile config,
            KubernetesClient client,
            NodeInformer nodes,
            NamespaceInformer namespaces,
            RuntimeClassInformer runtimeClasses,
            MeterRegistry meters,
            Vertx vertx) {
        ConfiguredReviews reviews = new ConfiguredReviews(
                config.settings(),
                new ConfiguredReviews.Surroundings(
                        client,
                        nodes,
                        namespaces,
                        new ClusterTemplateDefaults(namespaces, runtimeClasses),
                        new RegistryMetrics(meters),
                        new CacheMetrics(meters),
                        observer(config, meters)));
        Gauge.builder("stowage.config.valid", config, file -> file.problem().isPresent() ? 0 : 1)
                .description("1 while the configuration file is the one in force, 0 while it cannot be used")
                .register(meters);
        vertx.setPeriodic(
                CONFIG_LOOK.toMillis(),
                timer -> vertx.executeBlocking(() -> {
                    config.look(reviews::apply);
                    return null;
                }));
        return reviews;
    }

    void close(@Disposes ConfiguredReviews reviews) {
        reviews.close();
    }

    @Produces
    @Singleton
    ServeParts parts(
            ServerSettings server,
            CertificateSource certificates,
            ConfiguredReviews reviews,
            NodeInformer nodes,
            NamespaceInformer namespaces,
            RuntimeClassInformer runtimeClasses) {
        return new ServeParts(
                server,
                certificates,
                reviews,
                List.of(Prerequisite.of(nodes), Prerequisite.of(namespaces), Prerequisite.of(runtimeClasses)));
    }

    private static AdmissionObserver observer(ConfigFile config, MeterRegistry meters) {
        AdmissionMetrics metrics = new AdmissionMetrics(
                meters,
                config.settings().customKinds().stream().map(CustomKind::kind).toList());
        DenialLog log = new DenialLog();
        return outcome -> {
            metrics.answered(outcome);
            log.answered(outcome);
        };
    }
}
