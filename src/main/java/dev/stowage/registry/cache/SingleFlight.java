package dev.stowage.registry.cache;

import dev.stowage.async.Deadline;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.cache.CacheObserver.Outcome;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Requests in progress: one for a key, however many callers wait for it. Each caller has a future of its own, with its own deadline,
 * and may cancel it without harm to the others; when no caller waits any longer, the request is cancelled.
 *
 * <p>How long the later callers will wait is not known when the first one comes, so a request is given the first one's deadline or
 * the configured patience, whichever is longer. A caller with more time than that, who would get the timeout of a request with a
 * shorter deadline, waits for the next request instead.
 *
 * @param <T> what is requested
 */
final class SingleFlight<T> {

    private final ConcurrentHashMap<CacheKey, Call> calls = new ConcurrentHashMap<>();
    private final Duration patience;
    private final CacheObserver observer;

    SingleFlight(Duration patience, CacheObserver observer) {
        this.patience = patience;
        this.observer = observer;
    }

    /** The number of requests in progress. */
    int size() {
        return calls.size();
    }

    /** The result, by the request that is in progress or a new one; by the deadline in any case. */
    CompletableFuture<RegistryResult<T>> join(Load<T> load, Deadline deadline) {
        if (deadline.passed()) {
            return CompletableFuture.completedFuture(load.deadlineExceeded());
        }
        Waiter waiter = new Waiter(load, deadline);
        boolean shared = dispatch(waiter);
        observer.recordLookup(load.key().type(), shared ? Outcome.SHARED : Outcome.MISS);
        waiter.watchDeadline();
        return waiter.answer;
    }

    /** Adds the waiter to a request, and returns whether that was in progress before. */
    private boolean dispatch(Waiter waiter) {
        CacheKey key = waiter.load.key();
        while (true) {
            Call mine = new Call(key, waiter);
            Call there = calls.putIfAbsent(key, mine);
            if (there == null) {
                mine.start();
                return false;
            }
            if (there.join(waiter)) {
                return true;
            }
            // it has just ended and is about to leave the map
            calls.remove(key, there);
        }
    }

    /** One request and those who wait for it. */
    private final class Call {

        private final CacheKey key;
        private final Load<T> load;
        private final Deadline deadline;
        private final long started = System.nanoTime();
        private final Set<Waiter> waiters = new LinkedHashSet<>();
        private CompletableFuture<RegistryResult<T>> request;
        private boolean ended;

        Call(CacheKey key, Waiter first) {
            this.key = key;
            this.load = first.load;
            this.deadline = later(first.deadline, Deadline.in(patience));
            waiters.add(first);
            first.call = this;
        }

        void start() {
            CompletableFuture<RegistryResult<T>> sent;
            try {
                sent = load.start(deadline);
            } catch (RuntimeException e) {
                sent = CompletableFuture.failedFuture(e);
            }
            boolean abandoned;
            synchronized (this) {
                request = sent;
                abandoned = ended;
            }
            if (abandoned) {
                sent.cancel(true);
            }
            sent.whenComplete(this::complete);
        }

        synchronized boolean join(Waiter waiter) {
            if (ended) {
                return false;
            }
            waiters.add(waiter);
            waiter.call = this;
            return true;
        }

        /** One caller waits no longer. */
        void cancel(Waiter waiter, boolean expired) {
            CompletableFuture<RegistryResult<T>> abandoned;
            synchronized (this) {
                if (!waiters.remove(waiter) || ended || !waiters.isEmpty()) {
                    return;
                }
                ended = true;
                abandoned = request;
            }
            if (expired) {
                load.abandoned(Duration.ofNanos(System.nanoTime() - started));
            }
            calls.remove(key, this);
            if (abandoned != null) {
                abandoned.cancel(true);
            }
        }

        private void complete(RegistryResult<T> answer, Throwable problem) {
            List<Waiter> completed;
            synchronized (this) {
                if (ended) {
                    return;
                }
                ended = true;
                completed = List.copyOf(waiters);
                waiters.clear();
            }
            calls.remove(key, this);
            for (Waiter waiter : completed) {
                if (problem != null) {
                    waiter.answer.completeExceptionally(problem);
                } else if (timedOut(answer) && later(waiter.deadline, deadline) != deadline) {
                    dispatch(waiter);
                    waiter.cancelIfDone();
                } else {
                    waiter.answer.complete(answer);
                }
            }
        }
    }

    /** One caller. */
    private final class Waiter {

        private final Load<T> load;
        private final Deadline deadline;
        private final CompletableFuture<RegistryResult<T>> answer = new CompletableFuture<>();
        private volatile Call call;

        Waiter(Load<T> load, Deadline deadline) {
            this.load = load;
            this.deadline = deadline;
        }

        void watchDeadline() {
            if (answer.isDone()) {
                return;
            }
            CompletableFuture<Void> timer = new CompletableFuture<Void>()
                    .completeOnTimeout(null, deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            timer.thenRun(this::expire);
            answer.whenComplete((result, problem) -> {
                call.cancel(this, false);
                // in the normal way: JDK 17 leaves the timer running when an timer is cancelled
                timer.complete(null);
            });
        }

        /** A waiter that expired while it changed to the next request has left the previous one only. */
        void cancelIfDone() {
            if (answer.isDone()) {
                call.cancel(this, false);
            }
        }

        private void expire() {
            if (!answer.isDone()) {
                call.cancel(this, true);
                answer.complete(load.deadlineExceeded());
            }
        }
    }

    private static boolean timedOut(RegistryResult<?> answer) {
        return answer.fold(found -> false, failure -> failure.kind() == RegistryFailure.Kind.TIMEOUT);
    }

    private static Deadline later(Deadline one, Deadline other) {
        return one.nanoTime() - other.nanoTime() > 0 ? one : other;
    }
}
