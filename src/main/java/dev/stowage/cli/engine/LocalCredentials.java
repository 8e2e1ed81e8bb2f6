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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The logins of the current user and, tried after them, what the configured credential helpers know. A helper that fails is
 * noted, and then these are no longer all the credentials that there are.
 */
final class LocalCredentials implements Keyring {

    private final Keyring logins;
    private final CredentialProvider helpers;
    private final Set<String> failures;

    private LocalCredentials(Keyring logins, CredentialProvider helpers, Set<String> failures) {
        this.logins = logins;
        this.helpers = helpers;
        this.failures = failures;
    }

    /**
     * These logins and helpers.
     *
     * @param logins the logins
     * @param helpers pattern of registries to the name of a helper
     * @param path the value of {@code PATH}, in whose folders helpers are searched; may be null
     * @throws IllegalArgumentException when a pattern or name is none; the message names it
     */
    static Keyring of(Keyring logins, Map<String, String> helpers, String path) {
        Set<String> failures = ConcurrentHashMap.newKeySet();
        HelperCredentialProvider keychain = new HelperCredentialProvider(
                helpers, CredentialHelper.searchPath(path), Ticker.systemTicker(), failures::add);
        return new LocalCredentials(logins, keychain, failures);
    }

    @Override
    public CompletableFuture<RegistryResult<ReadCredentials>> credentialsFor(Repository repository, Deadline deadline) {
        return logins.credentialsFor(repository, deadline)
                .thenCompose(login -> login.fold(
                        credentials -> helpers.credentialsFor(repository, deadline)
                                .thenApply(more -> new RegistryResult.Success<>(both(credentials, more))),
                        failure -> CompletableFuture.completedFuture(new RegistryResult.Failure<>(failure))));
    }

    private static ReadCredentials both(ReadCredentials credentials, List<Credential> more) {
        List<Credential> all = new ArrayList<>(credentials.credentials());
        all.addAll(more);
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
}
