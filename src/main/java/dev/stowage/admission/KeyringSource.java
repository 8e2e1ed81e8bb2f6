package dev.stowage.admission;

import dev.stowage.async.Deadline;
import dev.stowage.registry.Keyring;
import dev.stowage.workload.Workload;
import java.util.concurrent.CompletableFuture;

/** The pull credentials of workloads. */
@FunctionalInterface
public interface KeyringSource {

    /** No credentials: all images are pulled anonymously. */
    KeyringSource ANONYMOUS = (workload, deadline) -> CompletableFuture.completedFuture(Keyring.ANONYMOUS);

    /**
     * The keyring of this workload's pods, from its pull secrets or those of its ServiceAccount.
     *
     * @return completes by the deadline, never exceptionally; at once if the credentials are in memory
     */
    CompletableFuture<Keyring> keyringOf(Workload workload, Deadline deadline);
}
