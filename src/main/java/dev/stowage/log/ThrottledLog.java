package dev.stowage.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/** Problems that occur again and again: of each the log has at most one warning a minute, and a line when it is resolved. */
public final class ThrottledLog {

    private static final Duration INTERVAL = Duration.ofMinutes(1);

    /**
     * @param message the latest one; empty when the problem is resolved
     * @param loggedAt when the last warning was logged
     * @param logged whether there was a warning since the problem occurred
     */
    private record Problem(Optional<String> message, Instant loggedAt, boolean logged) {}

    private final Logger log;
    private final String subject;
    private final Duration interval;
    private final Clock clock;
    private final Map<String, Problem> problems = new ConcurrentSkipListMap<>();

    /** @param subject stands before every line: {@code certificates} */
    public ThrottledLog(Logger log, String subject, Clock clock) {
        this(log, subject, INTERVAL, clock);
    }

    /** @param interval the least time between two warnings about the same problem */
    public ThrottledLog(Logger log, String subject, Duration interval, Clock clock) {
        this.log = log;
        this.subject = subject;
        this.interval = interval;
        this.clock = clock;
    }

    /**
     * Notes a problem, and logs it unless it was logged within the last minute.
     *
     * @param key names the problem in the line that says it is resolved: {@code Secret}; one of a few
     * @param message one clause
     */
    public void report(String key, String message) {
        Instant now = clock.instant();
        problems.compute(key, (same, last) -> {
            Optional<String> latest = Optional.of(message);
            if (last != null && Duration.between(last.loggedAt(), now).abs().compareTo(interval) < 0) {
                return new Problem(latest, last.loggedAt(), last.logged());
            }
            log.log(Level.WARNING, "{0}: {1}", subject, message);
            return new Problem(latest, now, true);
        });
    }

    /** Notes that the problem is over, and logs that if the problem was logged. */
    public void resolve(String key) {
        problems.computeIfPresent(key, (same, last) -> {
            if (last.logged()) {
                log.log(Level.INFO, "{0}: the problem with the {1} is resolved", subject, key);
            }
            return new Problem(Optional.empty(), last.loggedAt(), false);
        });
    }

    /** The latest message about each problem that is not resolved; nothing when there is none. */
    public Optional<String> summary() {
        String all = problems.values().stream()
                .flatMap(problem -> problem.message().stream())
                .collect(Collectors.joining("; "));
        return all.isEmpty() ? Optional.empty() : Optional.of(all);
    }
}
