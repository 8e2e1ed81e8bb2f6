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
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.EngineAssessor;
import dev.stowage.verdict.Judge;
import dev.stowage.workload.WorkloadReader;

/** The real engine and admission handler, with what holds where nothing is configured. */
final class DemoEngine implements AutoCloseable {

    private final HttpRegistry registry = new HttpRegistry(RegistrySettings.DEFAULT, RegistryObserver.NONE);
    private final Assessor assessor =
            new EngineAssessor(Repository.DOCKER_HUB, new ImageResolver(registry, new DocumentReader()), new Judge());

    /** What answers all questions about images. */
    Assessor assessor() {
        return assessor;
    }

    /**
     * What answers the reviews of this cluster.
     *
     * @param observer told of every answer
     */
    AdmissionHandler reviewsOf(ClusterView cluster, AdmissionObserver observer) {
        return new AdmissionHandler(
                new WorkloadReader(),
                new WorkloadReviewer(assessor),
                cluster,
                () -> PolicyConfig.DEFAULT,
                BackgroundVerification.NONE,
                observer);
    }

    @Override
    public void close() {
        registry.close();
    }
}
