package dev.stowage.registry.credentials.plugin;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.async.Deadline;
import dev.stowage.image.Repository;
import dev.stowage.registry.Credential;
import dev.stowage.registry.credentials.CredentialMatcher;
import dev.stowage.registry.credentials.CredentialProvider;
import dev.stowage.registry.credentials.ProvidedCredentials;
import dev.stowage.registry.credentials.PullSecret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The kubelet's credential provider plug-ins (pkg/credentialprovider/plugin). All plug-ins that serve an image are run, and their
 * credentials are matched together as those of pull secrets are. Responses are cached as they say. The kubelet continues
 * without a plug-in that fails, and so does this, with a problem that says so.
 *
 * <p>A run may take as long as on a node, which is longer than a review waits: it then goes on for the next one.
 */
public final class CredentialPlugins implements CredentialProvider, AutoCloseable {

    /** As the kubelet's. */
    private static final Duration RUN = Duration.ofMinutes(1);

    private final List<CredentialPlugin> plugins;
    private final PluginRuns runs;

    private record Pending(CredentialPlugin plugin, CompletableFuture<CredentialPlugin.Result> result) {}

    /**
     * These plug-ins.
     *
     * @param specs the providers of the configuration, in its order
     * @param ticker the time
     * @param problems notified of each failed run, in one sentence that contains no secret
     */
    public CredentialPlugins(List<PluginSpec> specs, Ticker ticker, Consumer<String> problems) {
        this(specs, ticker, RUN, problems);
    }

    CredentialPlugins(List<PluginSpec> specs, Ticker ticker, Duration run, Consumer<String> problems) {
        this.plugins = specs.stream().map(CredentialPlugin::new).toList();
        this.runs = new PluginRuns(new PluginCache(ticker), run, problems);
    }

    @Override
    public CompletableFuture<List<Credential>> credentialsFor(Repository repository, Deadline deadline) {
        return provide(repository, "", deadline).thenApply(ProvidedCredentials::credentials);
    }

    @Override
    public CompletableFuture<ProvidedCredentials> provide(Repository repository, String namespace, Deadline deadline) {
        List<Pending> pending = plugins.stream()
                .filter(plugin -> plugin.spec().serves(repository))
                .map(plugin -> new Pending(plugin, runs.result(plugin, repository, namespace)))
                .toList();
        CompletableFuture<Void> all =
                CompletableFuture.allOf(pending.stream().map(Pending::result).toArray(CompletableFuture[]::new));
        if (all.isDone()) {
            return CompletableFuture.completedFuture(merged(pending, repository));
        }
        // the registry is still to be contacted: a slow plug-in must leave time for that
        long patience = deadline.remaining().toNanos() / 2;
        return all.completeOnTimeout(null, patience, TimeUnit.NANOSECONDS)
                .thenApplyAsync(ended -> merged(pending, repository), ForkJoinPool.commonPool());
    }

    private static ProvidedCredentials merged(List<Pending> pending, Repository repository) {
        List<PullSecret> found = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Pending each : pending) {
            if (!each.result().isDone()) {
                problems.add(each.plugin().problem("has not responded yet: try again"));
                continue;
            }
            CredentialPlugin.Result result = each.result().join();
            result.response()
                    .ifPresentOrElse(response -> found.add(response.auths()), () -> problems.add(result.problem()));
        }
        return new ProvidedCredentials(new CredentialMatcher(found).credentialsFor(repository), problems);
    }

    /** Ends the programs that still run. */
    @Override
    public void close() {
        runs.close();
    }
}
