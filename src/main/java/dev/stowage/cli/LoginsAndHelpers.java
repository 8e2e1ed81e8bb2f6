package dev.stowage.cli;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.image.Repository;
import dev.stowage.registry.Access;
import dev.stowage.registry.Answer;
import dev.stowage.registry.Deadline;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.auth.CloudKeychain;
import dev.stowage.registry.auth.Credential;
import dev.stowage.registry.auth.CredentialHelper;
import dev.stowage.registry.auth.HelperKeychain;
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
final class LoginsAndHelpers implements Keyring {

    private final Keyring logins;
    private final CloudKeychain helpers;
    private final Set<String> failures;

    private LoginsAndHelpers(Keyring logins, CloudKeychain helpers, Set<String> failures) {
        this.logins = logins;
        this.helpers = helpers;
        this.failures = failures;
    }

    /**
     * These logins and helpers.
     *
     * @param logins the logins
     * @param helpers pattern of registries to the name of a helper
     * @param path the value of {@code PATH}, in whose folders helpers are looked for; may be null
     * @throws IllegalArgumentException when a pattern or name is none; the message names it
     */
    static Keyring of(Keyring logins, Map<String, String> helpers, String path) {
        Set<String> failures = ConcurrentHashMap.newKeySet();
        HelperKeychain keychain =
                new HelperKeychain(helpers, CredentialHelper.searchPath(path), Ticker.systemTicker(), failures::add);
        return new LoginsAndHelpers(logins, keychain, failures);
    }

    @Override
    public CompletableFuture<Answer<Access>> accessTo(Repository repository, Deadline deadline) {
        return logins.accessTo(repository, deadline)
                .thenCompose(login -> login.fold(
                        access -> helpers.credentialsFor(repository, deadline)
                                .thenApply(more -> new Answer.Found<>(both(access, more))),
                        failure -> CompletableFuture.completedFuture(new Answer.Failed<>(failure))));
    }

    private static Access both(Access access, List<Credential> more) {
        List<Credential> all = new ArrayList<>(access.credentials());
        all.addAll(more);
        return new Access(all);
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
