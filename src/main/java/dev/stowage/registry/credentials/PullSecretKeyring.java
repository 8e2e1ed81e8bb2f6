package dev.stowage.registry.credentials;

import dev.stowage.async.Deadline;
import dev.stowage.image.Printable;
import dev.stowage.image.Repository;
import dev.stowage.registry.Credential;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The credentials of a pod on a node: those of its pull secrets, then those of an identity of the machine, such as the kubelet's
 * credential provider plug-ins and clouds have it, then those of the node's own configuration, then those of credential helpers.
 */
public final class PullSecretKeyring implements Keyring {

    private final CredentialMatcher pod;
    private final CredentialMatcher node;
    private final CredentialProvider identity;
    private final CredentialProvider helpers;
    private final List<String> notes;
    private final boolean complete;
    private final Optional<PullSecret> malformed;
    private final String namespace;

    /**
     * Over these secrets.
     *
     * @param pod the pod's pull secrets, in order; a malformed one fails every pull
     * @param node the secrets that represent the node's configuration, in order; the kubelet ignores a malformed one
     * @param helpers the configured credential helpers
     * @param notes problems found while the secrets were gathered, see {@link Keyring#notes()}
     * @param complete whether nothing that the kubelet would have is missing, see {@link Keyring#complete()}
     */
    public PullSecretKeyring(
            List<PullSecret> pod,
            List<PullSecret> node,
            CredentialProvider helpers,
            List<String> notes,
            boolean complete) {
        this("", pod, CredentialProvider.NONE, node, helpers, notes, complete);
    }

    /**
     * The same, for a namespace.
     *
     * @param namespace the pod's namespace, see {@link ReadCredentials#namespace()}
     * @param identity the identity that Stowage has, by plug-ins and at clouds
     */
    public PullSecretKeyring(
            String namespace,
            List<PullSecret> pod,
            CredentialProvider identity,
            List<PullSecret> node,
            CredentialProvider helpers,
            List<String> notes,
            boolean complete) {
        this.namespace = Objects.requireNonNull(namespace, "namespace");
        this.pod = new CredentialMatcher(pod);
        this.node = new CredentialMatcher(node);
        this.identity = Objects.requireNonNull(identity, "identity");
        this.helpers = Objects.requireNonNull(helpers, "helpers");
        this.notes = List.copyOf(notes);
        this.complete = complete;
        this.malformed =
                pod.stream().filter(secret -> secret.fault().isPresent()).findFirst();
    }

    @Override
    public CompletableFuture<RegistryResult<ReadCredentials>> credentialsFor(Repository repository, Deadline deadline) {
        if (malformed.isPresent()) {
            return CompletableFuture.completedFuture(
                    new RegistryResult.Failure<>(failure(malformed.get(), repository)));
        }
        List<PullSecret.Entry> own = pod.entriesFor(repository);
        boolean ofPod = own.stream().anyMatch(entry -> !entry.credential().isAnonymous());
        return identity.provide(repository, namespace, deadline)
                .thenCombine(helpers.provide(repository, namespace, deadline), (ofIdentity, ofPlugins) -> {
                    List<Credential> all = new ArrayList<>();
                    own.forEach(entry -> all.add(entry.credential()));
                    all.addAll(ofIdentity.credentials());
                    node.entriesFor(repository).forEach(entry -> all.add(entry.credential()));
                    all.addAll(ofPlugins.credentials());
                    List<String> problems = new ArrayList<>(ofIdentity.problems());
                    problems.addAll(ofPlugins.problems());
                    ReadCredentials credentials = credentials(all).withProblems(problems);
                    return new RegistryResult.Success<>(ofPod ? credentials.fromPod() : credentials);
                });
    }

    @Override
    public List<String> notes() {
        return notes;
    }

    @Override
    public boolean complete() {
        return complete;
    }

    @Override
    public List<String> notes(Repository repository) {
        List<String> all = new ArrayList<>(notes);
        identity.problem(repository).ifPresent(all::add);
        helpers.problem(repository).ifPresent(all::add);
        return all;
    }

    @Override
    public boolean complete(Repository repository) {
        return complete
                && identity.problem(repository).isEmpty()
                && helpers.problem(repository).isEmpty();
    }

    @Override
    public Optional<String> permission(Repository repository) {
        return identity.permission(repository);
    }

    private ReadCredentials credentials(List<Credential> all) {
        List<Credential> offered = all.stream().allMatch(Credential::isAnonymous) ? List.of() : all;
        return new ReadCredentials(offered).forNamespace(namespace);
    }

    private static RegistryFailure failure(PullSecret secret, Repository repository) {
        return RegistryFailure.of(
                RegistryFailure.Kind.INVALID,
                repository.registry(),
                repository.path(),
                "pull secret \"" + Printable.of(secret.name()) + "\" is malformed, so the kubelet cannot pull: "
                        + secret.fault().orElseThrow());
    }
}
