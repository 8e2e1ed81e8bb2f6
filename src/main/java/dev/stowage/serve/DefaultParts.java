package dev.stowage.serve;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.admission.AdmissionHandler;
import dev.stowage.admission.AdmissionMetrics;
import dev.stowage.admission.AdmissionObserver;
import dev.stowage.admission.BoundedVerification;
import dev.stowage.admission.ClusterView;
import dev.stowage.admission.DenialLog;
import dev.stowage.admission.KeyringSource;
import dev.stowage.admission.TemplateDefaults;
import dev.stowage.cluster.NamespaceInformer;
import dev.stowage.cluster.NodeInformer;
import dev.stowage.image.Repository;
import dev.stowage.oci.DocumentReader;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.registry.AddressPolicy;
import dev.stowage.registry.HttpRegistry;
import dev.stowage.registry.Proxies;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.cache.CacheObserver;
import dev.stowage.registry.cache.CacheSettings;
import dev.stowage.registry.cache.CachingRegistry;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.review.WorkloadReviewer;
import dev.stowage.verdict.EngineAssessor;
import dev.stowage.verdict.Judge;
import dev.stowage.workload.WorkloadReader;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The parts of the webhook where nothing is said about policy and registries: their defaults, on the cluster at hand. */
@Singleton
final class DefaultParts {

    private static final int VERIFIED_AT_ONCE = 16;

    @Produces
    @Singleton
    @DefaultBean
    ServerSettings settings(
            @ConfigProperty(name = "stowage.server.host", defaultValue = "0.0.0.0") String host,
            @ConfigProperty(name = "stowage.server.port", defaultValue = "8443") int port) {
        ServerSettings defaults = ServerSettings.DEFAULT;
        return new ServerSettings(host, port, defaults.eventLoops(), defaults.drainDelay(), defaults.drainTimeout());
    }

    @Produces
    @Singleton
    @DefaultBean
    CertificateSource certificates(
            @ConfigProperty(name = "stowage.tls.certificate") Optional<Path> certificate,
            @ConfigProperty(name = "stowage.tls.key") Optional<Path> key,
            @ConfigProperty(
                            name = "stowage.tls.names",
                            defaultValue = "stowage.stowage.svc,stowage.stowage.svc.cluster.local,localhost,127.0.0.1")
                    List<String> names) {
        return certificate.isPresent() && key.isPresent()
                ? new GivenCertificate(certificate.get(), key.get())
                : new OwnCertificate(names, Clock.systemUTC());
    }

    @Produces
    @Singleton
    @DefaultBean
    HttpRegistry registry() {
        return new HttpRegistry(
                RegistrySettings.DEFAULT
                        .withAddresses(AddressPolicy.CLUSTER)
                        .withProxies(Proxies.from(System.getenv())),
                RegistryObserver.NONE);
    }

    void close(@Disposes HttpRegistry registry) {
        registry.close();
    }

    @Produces
    @Singleton
    @DefaultBean
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
    @DefaultBean
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
    @DefaultBean
    AdmissionHandler handler(
            HttpRegistry registry, NodeInformer nodes, NamespaceInformer namespaces, MeterRegistry meters) {
        CachingRegistry cache =
                new CachingRegistry(registry, CacheSettings.DEFAULT, Ticker.systemTicker(), CacheObserver.NONE);
        WorkloadReviewer reviewer = new WorkloadReviewer(
                new EngineAssessor(Repository.DOCKER_HUB, new ImageResolver(cache, new DocumentReader()), new Judge()));
        AdmissionMetrics metrics = new AdmissionMetrics(meters, List.of());
        DenialLog log = new DenialLog();
        AdmissionObserver observer = outcome -> {
            metrics.answered(outcome);
            log.answered(outcome);
        };
        return new AdmissionHandler(
                new WorkloadReader(),
                reviewer,
                new ClusterView(nodes, KeyringSource.ANONYMOUS, namespaces, TemplateDefaults.NONE),
                () -> PolicyConfig.DEFAULT,
                new BoundedVerification(reviewer, ForkJoinPool.commonPool(), VERIFIED_AT_ONCE, Ticker.systemTicker()),
                observer);
    }

    @Produces
    @Singleton
    @DefaultBean
    ServeParts parts(
            ServerSettings settings,
            CertificateSource certificates,
            AdmissionHandler handler,
            NodeInformer nodes,
            NamespaceInformer namespaces) {
        return new ServeParts(
                settings, certificates, handler::handle, List.of(Prerequisite.of(nodes), Prerequisite.of(namespaces)));
    }
}
