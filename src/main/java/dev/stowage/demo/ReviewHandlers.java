package dev.stowage.demo;

import dev.stowage.admission.ClusterView;
import dev.stowage.serve.ReviewHandler;

/** Puts together what answers reviews, as the real webhook has it where nothing is configured. */
@FunctionalInterface
public interface ReviewHandlers {

    /** What answers the reviews of this cluster. */
    ReviewHandler forCluster(ClusterView cluster);
}
