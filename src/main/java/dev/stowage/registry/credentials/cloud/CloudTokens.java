package dev.stowage.registry.credentials.cloud;

import dev.stowage.log.ThrottledLog;
import dev.stowage.registry.Credential;
import dev.stowage.registry.resilience.RateLimiter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one cloud: one request for any number of waiting look-ups, renewed in the background at half their life, used until
 * they expire if that fails. Failures are remembered, with a growing pause. Tenants choose the registries, so the number of tokens is
 * bounded, what cannot be had never displaces a token, and requests for new ones are limited in rate.
 */
final class CloudTokens<K> {

    /** The most tokens, and tokens that could not be had, that are remembered. */
    static final int MAX = 64;

    private static final double NEW_PER_SECOND = 5;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final int MAX_DOUBLINGS = 5;

    /** What is known of one token. */
    private static final class Entry<K> {
        private final K key;
        private @Nullable CloudToken token;
        private @Nullable CompletableFuture<Void> request;
        private String problem = "";
        private int failures;
        private Instant retryAt = Instant.MIN;
        private Instant used = Instant.MIN;

        Entry(K key) {
            this.key = key;
        }
    }

    private final Cloud<K> cloud;
    private final Clock clock;
    private final Executor background;
    private final ThrottledLog log;
    private final RateLimiter newTokens;
    private final Map<K, Entry<K>> entries = new LinkedHashMap<>(16, 0.75f, true);
    private String logged = "";

    /**
     * @param background where requests are made
     * @param nanos the time for the limit of requests
     */
    CloudTokens(Cloud<K> cloud, Clock clock, LongSupplier nanos, Executor background, ThrottledLog log) {
        this.cloud = cloud;
        this.clock = clock;
        this.background = background;
        this.log = log;
        this.newTokens = new RateLimiter(NEW_PER_SECOND, nanos);
    }

    /** The credential; empty if it cannot be had, or not within this time. */
    CompletableFuture<Optional<Credential>> credential(K key, Duration patience) {
        CompletableFuture<Void> request;
        synchronized (this) {
            Instant now = clock.instant();
            Entry<K> entry = entry(key);
            if (entry == null) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            entry.used = now;
            if (isValid(entry, now)) {
                renewIfDue(entry, now);
            } else if (entry.request == null && !now.isBefore(entry.retryAt)) {
                requestFirst(entry);
            }
            request = isValid(entry, now) ? null : entry.request;
        }
        return request == null
                ? CompletableFuture.completedFuture(held(key))
                : request.copy()
                        .completeOnTimeout(null, patience.toNanos(), TimeUnit.NANOSECONDS)
                        .thenApply(done -> held(key));
    }

    /** Why there is no token, in one clause; empty when there is one. */
    synchronized Optional<String> problem(K key) {
        Entry<K> entry = entries.get(key);
        if (entry == null) {
            return Optional.of("Stowage reads too many registries of " + cloud.name() + " at a time");
        }
        if (isValid(entry, clock.instant())) {
            return Optional.empty();
        }
        return Optional.of(
                entry.problem.isEmpty() ? cloud.name() + " has not given Stowage credentials yet" : entry.problem);
    }

    /** Whether there is a token. */
    synchronized boolean has(K key) {
        Entry<K> entry = entries.get(key);
        return entry != null && isValid(entry, clock.instant());
    }

    /** Renews the tokens that are due and in use, and forgets those that have expired. To be called every few seconds. */
    synchronized void renewDue() {
        Instant now = clock.instant();
        for (Entry<K> entry : List.copyOf(entries.values())) {
            if (entry.token != null && !entry.used.isBefore(entry.token.obtained())) {
                renewIfDue(entry, now);
            }
            if (entry.token != null && !isValid(entry, now)) {
                entry.token = null;
            }
        }
    }

    /** How much is remembered, to show its bound. */
    synchronized int size() {
        return entries.size();
    }

    private synchronized Optional<Credential> held(K key) {
        Entry<K> entry = entries.get(key);
        return entry != null && isValid(entry, clock.instant()) ? current(entry) : Optional.empty();
    }

    private static <K> Optional<Credential> current(Entry<K> entry) {
        return Optional.ofNullable(entry.token).map(CloudToken::credential);
    }

    private static boolean isValid(Entry<?> entry, Instant now) {
        return entry.token != null && entry.token.isValidAt(now);
    }

    /** Null when everything that is remembered is in use. */
    private @Nullable Entry<K> entry(K key) {
        Entry<K> known = entries.get(key);
        if (known != null) {
            return known;
        }
        if (entries.size() >= MAX && !makeRoom()) {
            return null;
        }
        Entry<K> entry = new Entry<>(key);
        entries.put(key, entry);
        return entry;
    }

    /** Forgets the token that was not used for longest; but first whatever is none. */
    private boolean makeRoom() {
        List<Entry<K>> idle = new ArrayList<>();
        for (Iterator<Entry<K>> each = entries.values().iterator(); each.hasNext(); ) {
            Entry<K> entry = each.next();
            if (entry.request == null && entry.token == null) {
                each.remove();
                return true;
            }
            if (entry.request == null) {
                idle.add(entry);
            }
        }
        if (idle.isEmpty()) {
            return false;
        }
        entries.remove(idle.get(0).key);
        return true;
    }

    private void renewIfDue(Entry<K> entry, Instant now) {
        if (entry.token != null && entry.token.isDueAt(now) && entry.request == null && !now.isBefore(entry.retryAt)) {
            request(entry, background);
        }
    }

    private void requestFirst(Entry<K> entry) {
        Optional<Duration> wait = newTokens.take(LONGEST_WAIT);
        if (wait.isEmpty()) {
            entry.problem = "too many new registries of " + cloud.name() + " at a time";
            return;
        }
        request(
                entry,
                wait.get().isZero()
                        ? background
                        : CompletableFuture.delayedExecutor(wait.get().toNanos(), TimeUnit.NANOSECONDS, background));
    }

    private void request(Entry<K> entry, Executor executor) {
        entry.request = new CompletableFuture<>();
        try {
            executor.execute(() -> run(entry));
        } catch (RejectedExecutionException e) {
            end(entry, null, "too many registries of " + cloud.name() + " wait for credentials");
        }
    }

    private void run(Entry<K> entry) {
        CloudToken token = null;
        String problem = cloud.name() + "'s credentials could not be read";
        try {
            token = cloud.request(entry.key);
        } catch (CloudException e) {
            problem = e.sentence();
        } catch (RuntimeException e) {
            // its message may contain anything
            problem += " (" + e.getClass().getSimpleName() + ")";
        } finally {
            end(entry, token, problem);
        }
    }

    private void end(Entry<K> entry, @Nullable CloudToken token, String problem) {
        CompletableFuture<Void> request;
        synchronized (this) {
            request = entry.request;
            entry.request = null;
            if (token != null) {
                entry.token = token;
                entry.problem = "";
                if (entry.failures > 0) {
                    entry.failures = 0;
                    logged = "";
                    log.resolve(cloud.name() + " identity");
                }
            } else {
                entry.problem = problem;
                entry.retryAt = clock.instant().plus(pause(entry.failures++));
                report(entry, problem);
            }
        }
        if (request != null) {
            request.complete(null);
        }
    }

    private void report(Entry<K> entry, String problem) {
        if (!problem.equals(logged) && !cloud.isOptional(entry.key)) {
            logged = problem;
            log.report(cloud.name() + " identity", problem);
        }
    }

    private static Duration pause(int failures) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}
