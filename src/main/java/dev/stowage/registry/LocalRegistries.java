package dev.stowage.registry;

import dev.stowage.async.Deadline;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Where registries are reached that only nodes reach by their names: {@code localhost:32000} is a node's own loopback interface, and in
 * a pod that of the pod.
 */
@FunctionalInterface
public interface LocalRegistries {

    /** Knows no address. */
    LocalRegistries NONE = (registry, deadline) -> CompletableFuture.completedFuture(Optional.empty());

    /**
     * The host at which a registry is reached from here, with its port.
     *
     * @param registry the registry's host as references write it, a loopback one
     * @param deadline the deadline of the answer
     * @return completes by the deadline, never exceptionally; empty where it is not known
     */
    CompletableFuture<Optional<String>> addressOf(String registry, Deadline deadline);
}
