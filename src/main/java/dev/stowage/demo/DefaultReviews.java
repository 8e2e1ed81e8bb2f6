package dev.stowage.demo;

import dev.stowage.admission.AdmissionHandler;
import dev.stowage.admission.AdmissionObserver;
import dev.stowage.admission.BackgroundVerification;
import dev.stowage.admission.ClusterView;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.review.WorkloadReviewer;
import dev.stowage.serve.ReviewHandler;
import dev.stowage.verdict.Assessor;
import dev.stowage.workload.WorkloadReader;
import java.util.Objects;

/** The real admission handler on the real engine, with the policy that holds where nothing is configured. */
public final class DefaultReviews implements ReviewHandlers {

    private final Assessor assessor;

    /** Reviews that are judged by this engine. */
    public DefaultReviews(Assessor assessor) {
        this.assessor = Objects.requireNonNull(assessor, "assessor");
    }

    @Override
    public ReviewHandler forCluster(ClusterView cluster) {
        return new AdmissionHandler(
                new WorkloadReader(),
                new WorkloadReviewer(assessor),
                cluster,
                () -> PolicyConfig.DEFAULT,
                BackgroundVerification.NONE,
                AdmissionObserver.NONE)::handle;
    }
}
