package dev.stowage.demo;

import dev.stowage.admission.AdmissionHandler;
import dev.stowage.admission.AdmissionObserver;
import dev.stowage.admission.BackgroundVerification;
import dev.stowage.admission.ClusterView;
import dev.stowage.image.Repository;
import dev.stowage.oci.DocumentReader;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.registry.HttpRegistry;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.review.WorkloadReviewer;
import dev.stowage.serve.ReviewHandler;
import dev.stowage.verdict.EngineAssessor;
import dev.stowage.verdict.Judge;
import dev.stowage.workload.WorkloadReader;

/** The real engine and admission handler, with what holds where nothing is configured. */
final class DemoEngine implements AutoCloseable {

    private final HttpRegistry registry = new HttpRegistry(RegistrySettings.DEFAULT, RegistryObserver.NONE);
    private final WorkloadReviewer reviewer = new WorkloadReviewer(
            new EngineAssessor(Repository.DOCKER_HUB, new ImageResolver(registry, new DocumentReader()), new Judge()));

    /** What answers the reviews of this cluster. */
    ReviewHandler reviewsOf(ClusterView cluster) {
        return new AdmissionHandler(
                new WorkloadReader(),
                reviewer,
                cluster,
                () -> PolicyConfig.DEFAULT,
                BackgroundVerification.NONE,
                AdmissionObserver.NONE)::handle;
    }

    @Override
    public void close() {
        registry.close();
    }
}
