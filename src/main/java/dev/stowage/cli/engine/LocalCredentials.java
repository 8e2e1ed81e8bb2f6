package dev.stowage.cli.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.async.Deadline;
import dev.stowage.image.Repository;
import dev.stowage.registry.Credential;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.credentials.CredentialHelper;
import dev.stowage.registry.credentials.CredentialProvider;
import dev.stowage.registry.credentials.HelperCredentialProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The logins of the current user and, tried after them, a cloud's identity and what the configured credential helpers know. A helper that fails is
 * noted, and then these are no longer all the credentials that there are.
 */
final class LocalCredentials implements Keyring {

    private final Keyring logins;
    private final CredentialProvider cloud;
    private final CredentialProvider helpers;
    private final Set<String> failures;

    private LocalCredentials(
            Keyring logins, CredentialProvider cloud, CredentialProvider helpers, Set<String> failures) {
        this.logins = logins;
        this.cloud = cloud;
        this.helpers = helpers;
        this.failures = failures;
    }

    /**
     * These logins and helpers.
     *
     * @param logins the logins
     * @param cloud the identity that this machine has at a cloud
     * @param helpers pattern of registries to the name of a helper
     * @param path the value of {@code PATH}, in whose folders helpers are searched; may be null
     * @throws IllegalArgumentException when a pattern or name is none; the message names it
     */
    static Keyring of(Keyring logins, CredentialProvider cloud, Map<String, String> helpers, String path) {
        Set<String> failures = ConcurrentHashMap.newKeySet();
        HelperCredentialProvider keychain = new HelperCredentialProvider(
                helpers, CredentialHelper.searchPath(path), Ticker.systemTicker(), failures::add);
        return new LocalCredentials(logins, cloud, keychain, failures);
    }

    @Override
    public CompletableFuture<RegistryResult<ReadCredentials>> credentialsFor(Repository repository, Deadline deadline) {
        return logins.credentialsFor(repository, deadline)
                .thenCompose(login -> login.fold(
                        credentials -> cloud.credentialsFor(repository, deadline)
                                .thenCombine(
                                        helpers.credentialsFor(repository, deadline),
                                        (ofCloud, ofHelpers) ->
                                                new RegistryResult.Success<>(all(credentials, ofCloud, ofHelpers))),
                        failure -> CompletableFuture.completedFuture(new RegistryResult.Failure<>(failure))));
    }

    private static ReadCredentials all(ReadCredentials logins, List<Credential> ofCloud, List<Credential> ofHelpers) {
        List<Credential> all = new ArrayList<>(logins.credentials());
        all.addAll(ofCloud);
        all.addAll(ofHelpers);
        return new ReadCredentials(all);
    }

    @Override
    public List<String> notes() {
        return List.copyOf(failures);
    }

    @Override
    public boolean complete() {
        return failures.isEmpty();
    }

    @Override
    public List<String> notes(Repository repository) {
        List<String> all = new ArrayList<>(failures);
        cloud.problem(repository).ifPresent(all::add);
        return all;
    }

    @Override
    public boolean complete(Repository repository) {
        return complete() && cloud.problem(repository).isEmpty();
    }

    @Override
    public Optional<String> permission(Repository repository) {
        return cloud.permission(repository);
    }
}
