package dev.stowage.cluster.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Objects of one kind, watched, of which only facts are kept. Does nothing until {@link #start()}.
 *
 * @param <T> the kind of object
 * @param <F> what is kept of one
 */
public abstract class FactInformer<T extends HasMetadata, F> implements AutoCloseable {

    /** What is known. */
    final FactStore<T, F> store;

    private final Watch<T> watch;

    /**
     * @param what the objects' name, for messages: {@code nodes}
     * @param quiet how long the log says nothing more after it said what is wrong
     */
    FactInformer(String what, Informable<T> objects, FactStore<T, F> store, Clock clock, Duration quiet) {
        this.store = store;
        this.watch = new Watch<>(what, objects, store, clock, quiet);
    }

    /** Starts watching; returns at once. */
    public final void start() {
        watch.start();
    }

    /** Whether the objects have been listed once. */
    public final boolean synced() {
        return watch.synced();
    }

    /** For how long changes may have been missed; zero while the watch stands. Never negative. */
    public final Duration staleness() {
        return watch.staleness();
    }

    /** What keeps it from listing or watching now, one clause. */
    public final Optional<String> problem() {
        return watch.problem();
    }

    /** Stops watching; what is known stays known. */
    @Override
    public final void close() {
        watch.close();
    }
}
