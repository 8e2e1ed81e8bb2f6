package dev.stowage.serve;

import dev.stowage.admission.AdmissionHandler;
import dev.stowage.admission.AdmissionObserver;
import dev.stowage.admission.BackgroundVerification;
import dev.stowage.assessment.WorkloadAssessor;
import dev.stowage.async.Deadline;
import dev.stowage.config.ConfigLoader;
import dev.stowage.config.Settings;
import dev.stowage.config.StowageConfig;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.DocumentReader;
import dev.stowage.platform.Platform;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.Registry;
import dev.stowage.registry.RegistryResult;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.testing.FakeCluster;
import dev.stowage.testing.MemoryRegistry;
import dev.stowage.tls.CertificateAuthority;
import dev.stowage.tls.CertificateSource;
import dev.stowage.tls.ServingCertificate;
import dev.stowage.verdict.EngineAssessor;
import dev.stowage.verdict.Judge;
import dev.stowage.workload.WorkloadReader;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** What stands in for cluster and registries where the application runs in a test: everything else is as it is served. */
@Singleton
class QuarkusTestBeans {

    private static final Duration LIFE = Duration.ofDays(1);

    /** Requests to the registry for images of the repository {@code held}, which are never answered. */
    final BlockingQueue<CompletableFuture<?>> held = new LinkedBlockingQueue<>();

    final CertificateAuthority authority = CertificateAuthority.create(Clock.systemUTC(), LIFE);
    private volatile ServingCertificate certificate = issue(authority);
    private volatile Runnable listener = () -> {};

    static ServingCertificate issue(CertificateAuthority authority) {
        return authority.issue(List.of("127.0.0.1"), Clock.systemUTC(), LIFE);
    }

    /** The certificate that is there from now on. */
    void becomes(ServingCertificate next) {
        certificate = next;
        listener.run();
    }

    @Produces
    @Alternative
    @Priority(1)
    @Singleton
    ServeConfig config() {
        StowageConfig config = new ConfigLoader(Map.of())
                .parse("test", "stowage: {server: {host: 127.0.0.1}, reports: {enabled: false}}");
        return new ServeConfig(config, Settings.of(config, "test", Settings.Place.CLUSTER, Map.of()));
    }

    @Produces
    @Alternative
    @Priority(1)
    @Singleton
    CertificateSource certificates() {
        return new CertificateSource() {
            @Override
            public ServingCertificate current() {
                return certificate;
            }

            @Override
            public Optional<String> caPem() {
                return Optional.of(authority.certificatePem());
            }

            @Override
            public void onChange(Runnable toCall) {
                listener = toCall;
            }
        };
    }

    @Produces
    @Alternative
    @Priority(1)
    @Singleton
    AdmissionHandler handler() {
        MemoryRegistry registry = new MemoryRegistry();
        SampleImages images = new SampleImages(registry);
        Descriptor amd64 = images.image(Platform.of("linux", "amd64"));
        images.index("1", amd64, images.attestation(amd64));
        return new AdmissionHandler(
                new WorkloadReader(),
                new WorkloadAssessor(new EngineAssessor(
                        "docker.io", new ImageResolver(new Holding(registry), new DocumentReader()), new Judge())),
                new FakeCluster()
                        .node("amd", "linux/amd64")
                        .node("arm", "linux/arm64")
                        .view(),
                () -> PolicyConfig.DEFAULT,
                BackgroundVerification.NONE,
                AdmissionObserver.NONE);
    }

    private final class Holding implements Registry {

        private final Registry registry;

        Holding(Registry registry) {
            this.registry = registry;
        }

        @Override
        public CompletableFuture<RegistryResult<Content>> manifest(
                Repository repository, String target, ReadCredentials credentials, Deadline deadline) {
            if (!repository.path().equals("held")) {
                return registry.manifest(repository, target, credentials, deadline);
            }
            CompletableFuture<RegistryResult<Content>> request = new CompletableFuture<>();
            held.add(request);
            return request;
        }

        @Override
        public CompletableFuture<RegistryResult<Digest>> digest(
                Repository repository, String tag, ReadCredentials credentials, Deadline deadline) {
            return registry.digest(repository, tag, credentials, deadline);
        }

        @Override
        public CompletableFuture<RegistryResult<Content>> manifest(
                Repository repository, Descriptor entry, ReadCredentials credentials, Deadline deadline) {
            return registry.manifest(repository, entry, credentials, deadline);
        }

        @Override
        public CompletableFuture<RegistryResult<Content>> blob(
                Repository repository, Descriptor blob, ReadCredentials credentials, Deadline deadline) {
            return registry.blob(repository, blob, credentials, deadline);
        }
    }
}
