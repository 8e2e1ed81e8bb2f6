package dev.stowage.registry.credentials.plugin;

import dev.stowage.async.DaemonThreads;
import dev.stowage.async.Deadline;
import dev.stowage.async.FairQueue;
import dev.stowage.image.Printable;
import dev.stowage.image.Repository;
import dev.stowage.registry.credentials.plugin.PluginCache.Key;
import dev.stowage.registry.credentials.plugin.PluginResponse.Scope;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;

/**
 * Runs plug-ins: a few at a time, namespaces in turn, and one run for all images that its response serves. Only the response says which
 * images these are, so the scope of the plug-in's last response is assumed; before the first one, that it serves the registry. An image
 * that the shared run does not serve gets another run, in the end one of its own.
 */
final class PluginRuns implements AutoCloseable {

    /** Runs: how many at a time and how many wait, of them those of one namespace. */
    static final FairQueue.Limits LIMITS = new FairQueue.Limits(4, 2, 2_000, 200);

    private final FairQueue queue = new FairQueue(LIMITS);
    private final ThreadPoolExecutor executor =
            DaemonThreads.pool("credential-plugin", LIMITS.running(), LIMITS.running());
    private final PluginCache cache;
    private final Duration limit;
    private final Consumer<String> problems;
    /** The runs that namespaces wait for. */
    private final Map<Turn, CompletableFuture<Run>> turns = new ConcurrentHashMap<>();
    /** The runs in progress. */
    private final Map<Key, CompletableFuture<Run>> running = new ConcurrentHashMap<>();
    /** The scope of each plug-in's last response. */
    private final Map<String, Scope> scopes = new ConcurrentHashMap<>();

    private record Turn(String namespace, Key key) {}

    private record Run(Repository repository, CredentialPlugin.Result result) {

        boolean serves(CredentialPlugin plugin, Repository other) {
            return Key.of(plugin, result.scope(), repository).equals(Key.of(plugin, result.scope(), other));
        }
    }

    /**
     * @param cache where results are kept
     * @param limit the longest that a run takes
     * @param problems notified of each failed run, in one sentence that contains no secret
     */
    PluginRuns(PluginCache cache, Duration limit, Consumer<String> problems) {
        this.cache = cache;
        this.limit = limit;
        this.problems = problems;
    }

    /**
     * What the plug-in returns for an image.
     *
     * @param namespace whose share of the runs is used
     * @return completes when a run has ended, never exceptionally; at once for what is in the cache
     */
    CompletableFuture<CredentialPlugin.Result> result(
            CredentialPlugin plugin, Repository repository, String namespace) {
        return result(
                plugin, repository, namespace, scopes.getOrDefault(plugin.spec().name(), Scope.REGISTRY));
    }

    private CompletableFuture<CredentialPlugin.Result> result(
            CredentialPlugin plugin, Repository repository, String namespace, Scope scope) {
        Optional<CredentialPlugin.Result> known = cache.find(plugin, repository);
        return known.map(CompletableFuture::completedFuture).orElseGet(() -> join(plugin, repository, namespace, scope)
                .thenCompose(run -> run.serves(plugin, repository)
                        ? CompletableFuture.completedFuture(run.result())
                        : result(plugin, repository, namespace, narrower(plugin, scope))));
    }

    /** A scope is tried once, so that the last attempt is a run for the image itself. */
    private Scope narrower(CredentialPlugin plugin, Scope tried) {
        Scope last = scopes.getOrDefault(plugin.spec().name(), Scope.IMAGE);
        return last.compareTo(tried) < 0 ? last : Scope.IMAGE;
    }

    /** The run of this scope that the namespace waits for already, or a new one when it is the namespace's turn. */
    private CompletableFuture<Run> join(CredentialPlugin plugin, Repository repository, String namespace, Scope scope) {
        Turn turn = new Turn(namespace, Key.of(plugin, scope, repository));
        CompletableFuture<Run> mine = new CompletableFuture<>();
        CompletableFuture<Run> same = turns.putIfAbsent(turn, mine);
        if (same != null) {
            return same;
        }
        queue.submit(namespace, () -> start(plugin, repository, turn, mine)).whenComplete((nothing, failure) -> {
            if (failure != null) {
                String clause = "was not run, since too many runs are waiting: try again";
                end(turn, mine, new Run(repository, CredentialPlugin.Result.failed(plugin.problem(clause))));
            }
        });
        return mine;
    }

    /** Starts the run, unless another namespace's turn has. Its place in the queue is free again when the result completes. */
    private CompletableFuture<Void> start(
            CredentialPlugin plugin, Repository repository, Turn turn, CompletableFuture<Run> mine) {
        CompletableFuture<Run> started = new CompletableFuture<>();
        CompletableFuture<Run> there = running.putIfAbsent(turn.key(), started);
        if (there != null) {
            there.thenAccept(run -> end(turn, mine, run));
            return CompletableFuture.completedFuture(null);
        }
        // a run that has just ended is in the cache before it leaves the map
        Optional<CredentialPlugin.Result> known = cache.find(plugin, repository);
        CompletableFuture<CredentialPlugin.Result> result =
                known.map(CompletableFuture::completedFuture).orElseGet(() -> onThread(plugin, repository));
        started.thenAccept(run -> end(turn, mine, run));
        return result.thenAccept(ended -> {
            running.remove(turn.key(), started);
            started.complete(new Run(repository, ended));
        });
    }

    private CompletableFuture<CredentialPlugin.Result> onThread(CredentialPlugin plugin, Repository repository) {
        CredentialPlugin.Result failed =
                CredentialPlugin.Result.failed(plugin.problem("could not be run, since Stowage is stopping"));
        try {
            return CompletableFuture.supplyAsync(() -> run(plugin, repository), executor)
                    .exceptionally(failure -> failed);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(failed);
        }
    }

    private CredentialPlugin.Result run(CredentialPlugin plugin, Repository repository) {
        CredentialPlugin.Result result = plugin.run(repository, Deadline.in(limit));
        if (result.response().isPresent()) {
            scopes.put(plugin.spec().name(), result.scope());
        } else {
            // other images must not wait for runs that do not serve them
            scopes.putIfAbsent(plugin.spec().name(), Scope.IMAGE);
            problems.accept(result.problem() + " (for " + Printable.of(repository.toString()) + ")");
        }
        cache.keep(plugin, repository, result);
        return result;
    }

    private void end(Turn turn, CompletableFuture<Run> mine, Run run) {
        turns.remove(turn, mine);
        mine.complete(run);
    }

    /** Ends the threads and the programs that they run. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
