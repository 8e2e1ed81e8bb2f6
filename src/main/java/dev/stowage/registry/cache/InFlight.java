package dev.stowage.registry.cache;

import dev.stowage.registry.Answer;
import dev.stowage.registry.Deadline;
import dev.stowage.registry.RegistryFailure;
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
 * and may cancel it without harm to the others; when nobody waits any more, the request is cancelled.
 *
 * <p>How long the later callers will wait is not known when the first one comes, so a request is given the first one's deadline or
 * the configured patience, whichever is longer. A caller with more time than that, who would get the timeout of a request that was
 * started for someone in a hurry, continues waiting for the next request instead.
 *
 * @param <T> what is requested
 */
final class InFlight<T> {

    private final ConcurrentHashMap<Key, Flight> flights = new ConcurrentHashMap<>();
    private final Duration patience;
    private final CacheObserver observer;

    InFlight(Duration patience, CacheObserver observer) {
        this.patience = patience;
        this.observer = observer;
    }

    /** How many requests are in progress. */
    int size() {
        return flights.size();
    }

    /** The answer to this errand, by a request that is in progress or a new one; by the deadline in any case. */
    CompletableFuture<Answer<T>> join(Errand<T> errand, Deadline deadline) {
        if (deadline.passed()) {
            return CompletableFuture.completedFuture(errand.late());
        }
        Waiter waiter = new Waiter(errand, deadline);
        boolean shared = dispatch(waiter);
        observer.met(errand.key().thing(), shared ? Outcome.SHARED : Outcome.ASKED);
        waiter.watchDeadline();
        return waiter.answer;
    }

    /** Finds the waiter a flight, and says whether it was there before. */
    private boolean dispatch(Waiter waiter) {
        Key key = waiter.errand.key();
        while (true) {
            Flight mine = new Flight(key, waiter);
            Flight there = flights.putIfAbsent(key, mine);
            if (there == null) {
                mine.start();
                return false;
            }
            if (there.board(waiter)) {
                return true;
            }
            // it has just ended and is about to leave the map
            flights.remove(key, there);
        }
    }

    /** One request and those who wait for it. */
    private final class Flight {

        private final Key key;
        private final Errand<T> errand;
        private final Deadline deadline;
        private final long started = System.nanoTime();
        private final Set<Waiter> waiters = new LinkedHashSet<>();
        private CompletableFuture<Answer<T>> request;
        private boolean over;

        Flight(Key key, Waiter first) {
            this.key = key;
            this.errand = first.errand;
            this.deadline = later(first.deadline, Deadline.in(patience));
            waiters.add(first);
            first.flight = this;
        }

        void start() {
            CompletableFuture<Answer<T>> asked;
            try {
                asked = errand.start(deadline);
            } catch (RuntimeException e) {
                asked = CompletableFuture.failedFuture(e);
            }
            boolean unwanted;
            synchronized (this) {
                request = asked;
                unwanted = over;
            }
            if (unwanted) {
                asked.cancel(true);
            }
            asked.whenComplete(this::land);
        }

        synchronized boolean board(Waiter waiter) {
            if (over) {
                return false;
            }
            waiters.add(waiter);
            waiter.flight = this;
            return true;
        }

        /** One caller waits no longer. */
        void leave(Waiter waiter, boolean late) {
            CompletableFuture<Answer<T>> unwanted;
            synchronized (this) {
                if (!waiters.remove(waiter) || over || !waiters.isEmpty()) {
                    return;
                }
                over = true;
                unwanted = request;
            }
            if (late) {
                errand.abandoned(Duration.ofNanos(System.nanoTime() - started));
            }
            flights.remove(key, this);
            if (unwanted != null) {
                unwanted.cancel(true);
            }
        }

        private void land(Answer<T> came, Throwable problem) {
            List<Waiter> arrived;
            synchronized (this) {
                if (over) {
                    return;
                }
                over = true;
                arrived = List.copyOf(waiters);
                waiters.clear();
            }
            flights.remove(key, this);
            for (Waiter waiter : arrived) {
                if (problem != null) {
                    waiter.answer.completeExceptionally(problem);
                } else if (timedOut(came) && later(waiter.deadline, deadline) != deadline) {
                    dispatch(waiter);
                    waiter.leaveIfDone();
                } else {
                    waiter.answer.complete(came);
                }
            }
        }
    }

    /** One caller. */
    private final class Waiter {

        private final Errand<T> errand;
        private final Deadline deadline;
        private final CompletableFuture<Answer<T>> answer = new CompletableFuture<>();
        private volatile Flight flight;

        Waiter(Errand<T> errand, Deadline deadline) {
            this.errand = errand;
            this.deadline = deadline;
        }

        void watchDeadline() {
            if (answer.isDone()) {
                return;
            }
            CompletableFuture<Void> alarm = new CompletableFuture<Void>()
                    .completeOnTimeout(null, deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            alarm.thenRun(this::giveUp);
            answer.whenComplete((came, problem) -> {
                flight.leave(this, false);
                // in the normal way: JDK 17 leaves the timer running when an alarm is cancelled
                alarm.complete(null);
            });
        }

        /** Who gave up while changing flights left the old one only. */
        void leaveIfDone() {
            if (answer.isDone()) {
                flight.leave(this, false);
            }
        }

        private void giveUp() {
            if (!answer.isDone()) {
                flight.leave(this, true);
                answer.complete(errand.late());
            }
        }
    }

    private static boolean timedOut(Answer<?> answer) {
        return answer.fold(found -> false, failure -> failure.kind() == RegistryFailure.Kind.TIMEOUT);
    }

    private static Deadline later(Deadline one, Deadline other) {
        return one.nanoTime() - other.nanoTime() > 0 ? one : other;
    }
}
