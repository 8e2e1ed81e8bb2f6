package dev.stowage.cluster.watch;

import dev.stowage.kube.MissingPermission;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps a {@link FactStore} like the cluster. Whatever goes wrong (the API server is away or restarts, the watch is closed or
 * too old, a permission is missing) is tried again for ever, and what was known stays known meanwhile.
 */
final class Watch<T extends HasMetadata> implements AutoCloseable {

    /** Large clusters answer a list in pages, so that neither side has all of it in memory at once. */
    private static final long PAGE = 500;

    private static final Logger LOG = System.getLogger(Watch.class.getName());

    /** How long nothing is said after something was, where nothing works as it should without the watch. */
    static final Duration MINUTE = Duration.ofMinutes(1);

    private final String what;
    private final SharedIndexInformer<T> informer;
    private final Clock clock;
    private final Duration quiet;
    private final AtomicReference<Instant> nextComplaint = new AtomicReference<>(Instant.MIN);
    private volatile String problem = "";
    private volatile Instant current;

    /**
     * @param what the objects' name, for messages: {@code nodes}, {@code rollouts.argoproj.io}
     * @param quiet how long the log says nothing more after it said what is wrong
     */
    Watch(String what, Informable<T> objects, FactStore<T, ?> store, Clock clock, Duration quiet) {
        this.what = what;
        this.clock = clock;
        this.quiet = quiet;
        this.current = clock.instant();
        // No resync: it would only repeat what the store knows.
        this.informer = objects.withLimit(PAGE)
                .runnableInformer(0)
                .removeNamespaceIndex()
                .itemStore(store);
        informer.exceptionHandler((started, failure) -> {
            complain(failure);
            return true;
        });
    }

    /** Starts listing and watching; returns at once. */
    void start() {
        current = clock.instant();
        informer.start();
    }

    /** Whether the objects have been listed once. */
    boolean synced() {
        boolean synced = informer.hasSynced();
        if (synced) {
            staleness();
        }
        return synced;
    }

    /** For how long changes may have been missed: zero while the watch stands; as exact as it is asked often. */
    Duration staleness() {
        Instant now = clock.instant();
        if (informer.isWatching()) {
            current = now;
            problem = "";
            return Duration.ZERO;
        }
        Duration age = Duration.between(current, now);
        return age.isNegative() ? Duration.ZERO : age;
    }

    /** What keeps it from listing or watching now. */
    Optional<String> problem() {
        staleness();
        return problem.isEmpty() ? Optional.empty() : Optional.of(problem);
    }

    @Override
    public void close() {
        informer.stop();
    }

    private void complain(Throwable failure) {
        problem = describe(failure);
        Instant now = clock.instant();
        Instant next = nextComplaint.get();
        if (!now.isBefore(next) && nextComplaint.compareAndSet(next, now.plus(quiet))) {
            LOG.log(Level.WARNING, "cannot watch {0}: {1}; continuing with the last known state", what, problem);
        }
    }

    private String describe(Throwable failure) {
        String[] parts = what.split("\\.", 2);
        Optional<MissingPermission> right = informer.getApiTypeClass() == GenericKubernetesResource.class
                ? MissingPermission.in(failure, parts[0], parts.length == 1 ? "" : parts[1])
                : MissingPermission.in(failure, informer.getApiTypeClass());
        if (right.isPresent()) {
            return right.get().clause();
        }
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
