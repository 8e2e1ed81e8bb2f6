package dev.stowage.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** What is wrong now, by matter. Each is logged when it comes up or changes, and then once a minute as long as it lasts. */
public final class ThrottledLog {

    private static final Logger LOG = System.getLogger(ThrottledLog.class.getName());
    private static final Duration QUIET = Duration.ofMinutes(1);

    private record Problem(String clause, Instant said) {}

    private final Clock clock;
    private final Map<String, Problem> open = new ConcurrentSkipListMap<>();

    public ThrottledLog(Clock clock) {
        this.clock = clock;
    }

    /** Notes that this is wrong. */
    public void report(String matter, String clause) {
        Instant now = clock.instant();
        open.compute(matter, (key, old) -> {
            boolean known = old != null && old.clause().equals(clause);
            if (known && Duration.between(old.said(), now).abs().compareTo(QUIET) < 0) {
                return old;
            }
            LOG.log(Level.WARNING, "certificates: {0}", clause);
            return new Problem(clause, now);
        });
    }

    /** Notes that all is well with this again. */
    public void resolve(String matter) {
        if (open.remove(matter) != null) {
            LOG.log(Level.INFO, "certificates: the problem with the {0} is resolved", matter);
        }
    }

    /** What is wrong now; nothing when all is well. */
    public Optional<String> summary() {
        String all =
                String.join("; ", open.values().stream().map(Problem::clause).toList());
        return all.isEmpty() ? Optional.empty() : Optional.of(all);
    }
}
