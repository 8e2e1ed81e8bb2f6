package dev.stowage.admission;

import dev.stowage.async.Deadline;
import dev.stowage.registry.Keyring;
import dev.stowage.workload.Workload;
import java.util.concurrent.CompletableFuture;

/** The credentials that a workload's pods would pull with. */
@FunctionalInterface
public interface KeyringSource {

    /** Everyone pulls anonymously. */
    KeyringSource ANONYMOUS = (workload, deadline) -> CompletableFuture.completedFuture(Keyring.ANONYMOUS);

    /**
     * The keyring of this workload's pods: its pull secrets, or its ServiceAccount's.
     *
     * @return completes by the deadline, never exceptionally; from memory wherever it can
     */
    CompletableFuture<Keyring> keyringOf(Workload workload, Deadline deadline);
}
