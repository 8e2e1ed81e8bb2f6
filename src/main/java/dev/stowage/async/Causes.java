package dev.stowage.async;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** The causes of a failure, which clients and futures wrap in exceptions of their own. */
public final class Causes {

    /** Bounds a chain that leads back to itself. */
    private static final int MAX_DEPTH = 20;

    private Causes() {}

    /** The failure, its cause, the cause of that, and so on. */
    public static Stream<Throwable> chain(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(MAX_DEPTH);
    }

    /** The first of this type in the chain. */
    public static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        return chain(failure).filter(type::isInstance).map(type::cast).findFirst();
    }

    /** The last of the chain. */
    public static Throwable root(Throwable failure) {
        return chain(failure).reduce(failure, (outer, inner) -> inner);
    }

    /** The failure without the wrapper that a future put around it. */
    public static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
