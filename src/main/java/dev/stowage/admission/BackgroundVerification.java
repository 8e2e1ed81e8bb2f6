package dev.stowage.admission;

import dev.stowage.node.EligibleNodes;
import dev.stowage.registry.Keyring;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.Workload;
import java.util.List;

/** Reads what an answer believed an index about, so that the next answer knows. */
@FunctionalInterface
public interface BackgroundVerification {

    /** Indexes are believed. */
    BackgroundVerification NONE = (workload, images, nodes, keyring) -> {};

    /**
     * Starts verifying images of a workload that was admitted; returns at once and never throws. What there is no room for is
     * left out.
     */
    void start(Workload workload, List<ImageUse> images, EligibleNodes nodes, Keyring keyring);
}
