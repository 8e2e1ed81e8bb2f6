package dev.stowage.registry.credentials;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.async.Deadline;
import dev.stowage.image.Printable;
import dev.stowage.image.Repository;
import dev.stowage.registry.Credential;
import dev.stowage.registry.RegistryResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Credentials from credential helpers that are configured by registry, for example {@code "*.dkr.ecr.*.amazonaws.com"} to
 * {@code ecr-login}. Registries are matched as the kubelet matches the images of a credential plugin. What a helper answered
 * is kept for a few minutes, a failure for some seconds, and concurrent questions for one host are one run.
 */
public final class HelperCredentialProvider implements CredentialProvider {

    private static final Duration KEEP = Duration.ofMinutes(5);
    private static final Duration KEEP_FAILURE = Duration.ofSeconds(20);
    private static final Duration RUN = Duration.ofSeconds(20);
    private static final int MAX_HOSTS = 1_000;

    private final List<Rule> rules;
    private final AsyncCache<Lookup, RegistryResult<Optional<Credential>>> answers;
    private final Consumer<String> problems;

    private record Rule(RegistryKey registries, CredentialHelper helper) {}

    private record Lookup(CredentialHelper helper, String server) {}

    /**
     * With these helpers.
     *
     * @param helpers pattern of registries, see {@link RegistryKey}, to the name of the helper
     * @param searchPath the folders in which helpers are searched
     * @param ticker the time
     * @param problems notified once for each failed run of a helper, in one sentence that contains no secret
     * @throws IllegalArgumentException when a pattern or name is none; the message names it
     */
    public HelperCredentialProvider(
            Map<String, String> helpers, List<Path> searchPath, Ticker ticker, Consumer<String> problems) {
        List<Rule> read = new ArrayList<>();
        helpers.forEach((pattern, name) -> read.add(new Rule(
                RegistryKey.of(pattern)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "\"" + Printable.of(pattern) + "\" is not a valid registry or registry pattern")),
                CredentialHelper.named(name, searchPath))));
        read.sort(Comparator.comparing((Rule rule) -> rule.registries().text()).reversed());
        this.rules = List.copyOf(read);
        this.problems = Objects.requireNonNull(problems, "problems");
        this.answers = Caffeine.newBuilder()
                .maximumSize(MAX_HOSTS)
                .ticker(ticker)
                .expireAfter(Expiry.<Lookup, RegistryResult<Optional<Credential>>>writing(
                        (question, answer) -> answer.fold(found -> KEEP, failure -> KEEP_FAILURE)))
                .buildAsync();
    }

    @Override
    public CompletableFuture<List<Credential>> credentialsFor(Repository repository, Deadline deadline) {
        List<CompletableFuture<RegistryResult<Optional<Credential>>>> lookups = new ArrayList<>();
        for (Rule rule : rules) {
            if (rule.registries().matches(repository)) {
                lookups.add(lookUp(new Lookup(rule.helper(), DockerConfig.serverOf(repository))));
            }
        }
        // the registry is still to be contacted: a slow helper must leave time for that
        long patience = deadline.remaining().toNanos() / 2;
        return CompletableFuture.allOf(lookups.toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, patience, TimeUnit.NANOSECONDS)
                .thenApply(whenAll -> credentials(lookups));
    }

    private CompletableFuture<RegistryResult<Optional<Credential>>> lookUp(Lookup question) {
        return answers.get(question, (lookup, executor) -> lookup.helper()
                .credentialFor(lookup.server(), Deadline.in(RUN))
                .thenApply(answer -> {
                    answer.fold(found -> "", failure -> {
                        problems.accept(failure.reason());
                        return "";
                    });
                    return answer;
                }));
    }

    private static List<Credential> credentials(List<CompletableFuture<RegistryResult<Optional<Credential>>>> lookups) {
        List<Credential> credentials = new ArrayList<>();
        for (CompletableFuture<RegistryResult<Optional<Credential>>> answer : lookups) {
            if (answer.isDone()) {
                answer.join()
                        .fold(found -> found, failure -> Optional.<Credential>empty())
                        .ifPresent(credentials::add);
            }
        }
        return credentials;
    }
}
