package dev.stowage.registry;

import java.util.Objects;
import java.util.function.Function;

/**
 * The result of a registry request: content, or the reason why there is none. Failures are data; no registry's behaviour is
 * an exception.
 *
 * @param <T> the content
 */
public sealed interface RegistryResult<T> {

    /** The content. */
    record Success<T>(T content) implements RegistryResult<T> {
        public Success {
            Objects.requireNonNull(content, "content");
        }

        @Override
        public <R> R fold(
                Function<? super T, ? extends R> found, Function<? super RegistryFailure, ? extends R> failed) {
            return found.apply(content);
        }
    }

    /** The reason why there is none. */
    record Failure<T>(RegistryFailure failure) implements RegistryResult<T> {
        public Failure {
            Objects.requireNonNull(failure, "failure");
        }

        @Override
        public <R> R fold(
                Function<? super T, ? extends R> found, Function<? super RegistryFailure, ? extends R> failed) {
            return failed.apply(failure);
        }
    }

    /** Turns either outcome into one result. */
    <R> R fold(Function<? super T, ? extends R> found, Function<? super RegistryFailure, ? extends R> failed);
}
