package dev.stowage.serve;

import dev.stowage.admission.AdmissionMetrics;
import dev.stowage.admission.DenialLog;
import dev.stowage.cluster.ClusterTemplateDefaults;
import dev.stowage.cluster.NamespaceInformer;
import dev.stowage.cluster.NodeInformer;
import dev.stowage.cluster.OwnNamespace;
import dev.stowage.cluster.RuntimeClassInformer;
import dev.stowage.config.ServerConfig;
import dev.stowage.config.Settings;
import dev.stowage.registry.RegistryMetrics;
import dev.stowage.registry.cache.CacheMetrics;
import dev.stowage.tls.CertificateSource;
import dev.stowage.workload.CustomKind;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

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
        ServerConfig said = config.atStart().server();
        return new ServerSettings(
                said.host(), said.port(), ServerSettings.DEFAULT.eventLoops(), said.drainDelay(), said.drainTimeout());
    }

    @Produces
    @Singleton
    CertificateSource certificates(ConfigFile config, Instance<KubernetesClient> client, MeterRegistry meters) {
        return Certificates.of(config.settings().tls(), System.getenv(), client::get, Clock.systemUTC(), meters);
    }

    void close(@Disposes CertificateSource certificates) {
        certificates.close();
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
    Listeners answers(ConfigFile config, MeterRegistry meters) {
        Listeners answers = new Listeners();
        answers.add(new AdmissionMetrics(
                meters,
                config.settings().customKinds().stream().map(CustomKind::kind).toList()));
        answers.add(new DenialLog());
        return answers;
    }

    @Produces
    @Singleton
    Reports reports(
            ConfigFile config,
            KubernetesClient client,
            ConfiguredReviews reviews,
            Listeners answers,
            MeterRegistry meters) {
        return Reports.of(config.atStart(), System.getenv(), client, reviews, answers, meters);
    }

    void close(@Disposes Reports reports) {
        reports.close();
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
            Listeners answers,
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
                        answers));
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
            RuntimeClassInformer runtimeClasses,
            Reports reports,
            Vertx vertx) {
        // reports are shown and never waited for: admission does not need them
        Prerequisite shown = new Prerequisite("reports", () -> true, reports::state);
        return new ServeParts(
                server,
                certificates,
                reviews,
                List.of(
                        Prerequisite.of(nodes),
                        Prerequisite.of(namespaces),
                        Prerequisite.of(runtimeClasses),
                        reports.seeds(),
                        shown),
                () -> reviews.rehearsal(vertx, OwnNamespace.orUsual(System.getenv())));
    }
}
