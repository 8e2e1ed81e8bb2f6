package dev.stowage.registry.credentials;

import dev.stowage.async.Deadline;
import dev.stowage.image.Repository;
import dev.stowage.registry.Credential;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Credentials that belong to the machine rather than to a pod, such as a cloud's identity: what the kubelet's credential
 * plugins are on a node.
 */
@FunctionalInterface
public interface CredentialProvider {

    /** Knows no credentials. */
    CredentialProvider NONE = (repository, deadline) -> CompletableFuture.completedFuture(List.of());

    /**
     * The credentials for this repository, the first to be tried first.
     *
     * @param repository the repository, normalised
     * @param deadline the deadline of the answer
     * @return completes by the deadline, never exceptionally; none where there are none or they could not be had, since the
     *     kubelet too continues without them
     */
    CompletableFuture<List<Credential>> credentialsFor(Repository repository, Deadline deadline);

    /**
     * The same for a pod, with what went wrong.
     *
     * @param repository the repository, normalised
     * @param namespace the namespace whose pod it is, for providers that share what is scarce; empty outside a cluster
     * @param deadline the deadline of the answer
     * @return completes by the deadline, never exceptionally
     */
    default CompletableFuture<ProvidedCredentials> provide(Repository repository, String namespace, Deadline deadline) {
        return credentialsFor(repository, deadline)
                .thenApply(credentials -> new ProvidedCredentials(credentials, List.of()));
    }

    /** Why the credentials for this repository could not be had, in one clause without a secret; empty when nothing is wrong. */
    default Optional<String> problem(Repository repository) {
        return Optional.empty();
    }

    /** What to grant if a registry denies access to these credentials, in one clause; empty when that is not known. */
    default Optional<String> permission(Repository repository) {
        return Optional.empty();
    }

    /** All of these providers, whose credentials are tried in this order. */
    static CredentialProvider inOrder(List<CredentialProvider> providers) {
        return switch (providers.size()) {
            case 0 -> NONE;
            case 1 -> providers.get(0);
            default -> new ProviderChain(providers);
        };
    }
}
