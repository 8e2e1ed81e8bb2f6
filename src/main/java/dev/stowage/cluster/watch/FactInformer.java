package dev.stowage.cluster.watch;

import dev.stowage.kube.ApiErrors;
import dev.stowage.kube.MissingPermission;
import dev.stowage.kube.PagedList;
import dev.stowage.log.ThrottledLog;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.lang.System.Logger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An informer of one kind of object that keeps only facts of each, in a {@link FactStore}. Does nothing until {@link #start()}.
 * Whatever goes wrong (the API server is unavailable, the watch is closed or too old, a permission is missing) is retried without end,
 * and the last known state stays.
 *
 * @param <T> the kind of object
 * @param <F> the facts about one
 */
public class FactInformer<T extends HasMetadata, F> implements AutoCloseable {

    private static final Logger LOG = System.getLogger(FactInformer.class.getName());

    /** How often to log a problem where something does not work without the watch. */
    static final Duration MINUTE = Duration.ofMinutes(1);

    /** How often to log the problem of an optional watch, such as a permission that was removed on purpose. */
    static final Duration DAY = Duration.ofDays(1);

    final FactStore<T, F> store;

    private final String resource;
    private final SharedIndexInformer<T> informer;
    private final Clock clock;
    private final ThrottledLog log;
    private volatile String problem = "";
    private volatile Instant current;

    /**
     * @param resource the objects' name, for messages: {@code nodes}, {@code rollouts.argoproj.io}
     * @param logInterval the least time between two warnings
     */
    FactInformer(String resource, Informable<T> objects, FactStore<T, F> store, Clock clock, Duration logInterval) {
        this.resource = resource;
        this.store = store;
        this.clock = clock;
        this.log = new ThrottledLog(LOG, "cluster", logInterval, clock);
        this.current = clock.instant();
        // No resync: it would only repeat what the store knows.
        this.informer = objects.withLimit(PagedList.PAGE)
                .runnableInformer(0)
                .removeNamespaceIndex()
                .itemStore(store);
        informer.exceptionHandler((started, failure) -> {
            problem = describe(failure);
            log.report(
                    "watch on " + resource,
                    "cannot watch " + resource + ": " + problem + "; continuing with the last known state");
            return true;
        });
    }

    /** Starts listing and watching; returns at once. */
    public final void start() {
        current = clock.instant();
        informer.start();
    }

    /** Whether the objects have been listed once. */
    public final boolean synced() {
        boolean synced = informer.hasSynced();
        if (synced) {
            staleness();
        }
        return synced;
    }

    /** For how long changes may have been missed: zero while the watch is open, never negative. Is as exact as the calls are frequent. */
    public final Duration staleness() {
        Instant now = clock.instant();
        if (informer.isWatching()) {
            current = now;
            problem = "";
            log.resolve("watch on " + resource);
            return Duration.ZERO;
        }
        Duration age = Duration.between(current, now);
        return age.isNegative() ? Duration.ZERO : age;
    }

    /** What prevents listing or watching now, one clause. */
    public final Optional<String> problem() {
        staleness();
        return problem.isEmpty() ? Optional.empty() : Optional.of(problem);
    }

    /** Stops watching; the last known state stays. */
    @Override
    public final void close() {
        informer.stop();
    }

    private String describe(Throwable failure) {
        String[] parts = resource.split("\\.", 2);
        Optional<MissingPermission> missing = informer.getApiTypeClass() == GenericKubernetesResource.class
                ? MissingPermission.in(failure, parts[0], parts.length == 1 ? "" : parts[1])
                : MissingPermission.in(failure, informer.getApiTypeClass());
        return missing.map(MissingPermission::clause).orElseGet(() -> ApiErrors.reason(failure));
    }
}
