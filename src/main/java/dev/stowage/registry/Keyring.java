package dev.stowage.registry;

import dev.stowage.async.Deadline;
import dev.stowage.image.Repository;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The credentials of one workload or user, selected by image as the kubelet does. */
public interface Keyring {

    /** No credentials at all: everything is read anonymously. */
    Keyring ANONYMOUS = (repository, deadline) ->
            CompletableFuture.completedFuture(new RegistryResult.Success<>(ReadCredentials.ANONYMOUS));

    /**
     * With which credentials this repository is read.
     *
     * @param repository the repository, normalised
     * @param deadline the deadline of the answer
     * @return completes by the deadline, never exceptionally; a failure where the kubelet would fail the pull without contacting any
     *     registry, as it does over a malformed pull secret
     */
    CompletableFuture<RegistryResult<ReadCredentials>> credentialsFor(Repository repository, Deadline deadline);

    /**
     * Notes on how this keyring was gathered, for the case that a registry refuses it: which pull secret does not exist,
     * which permission is missing to read one. One clause each, for people; no secret in it.
     */
    default List<String> notes() {
        return List.of();
    }

    /**
     * Whether these are all the credentials that the kubelet would have. When not, a registry's "not found", "unauthorized" or
     * "forbidden" says nothing about what a node would see, since registries hide private repositories.
     */
    default boolean complete() {
        return true;
    }

    /** The {@link #notes()} that concern this repository. */
    default List<String> notes(Repository repository) {
        return notes();
    }

    /** Whether these are {@linkplain #complete() all credentials} for this repository. */
    default boolean complete(Repository repository) {
        return complete();
    }

    /** What to grant if the registry denies access to these credentials, in one clause; empty when that is not known. */
    default Optional<String> permission(Repository repository) {
        return Optional.empty();
    }
}
