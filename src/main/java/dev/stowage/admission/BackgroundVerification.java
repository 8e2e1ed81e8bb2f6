package dev.stowage.admission;

import dev.stowage.node.EligibleNodes;
import dev.stowage.registry.Keyring;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.Workload;
import java.util.List;

/** Reads the manifests of images that were admitted by their index alone, so that the next review knows them. */
@FunctionalInterface
public interface BackgroundVerification {

    /** Verifies nothing. */
    BackgroundVerification NONE = (workload, images, nodes, keyring) -> {};

    /**
     * Starts to verify images of a workload that was admitted; returns at once and never throws. Images beyond its capacity are
     * left out.
     */
    void start(Workload workload, List<ImageUse> images, EligibleNodes nodes, Keyring keyring);
}
