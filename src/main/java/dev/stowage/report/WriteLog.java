package dev.stowage.report;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps account of writes to the cluster, and says of what goes wrong once a minute what it is and what would mend it. */
final class WriteLog {

    /** What is written. */
    enum Write {
        CREATE("create", "create imagereports.stowage.dev"),
        STATUS("status", "patch imagereports.stowage.dev/status"),
        DELETE("delete", "delete imagereports.stowage.dev"),
        DENIAL("denial", "get and create imagereports.stowage.dev and patch imagereports.stowage.dev/status"),
        EVENT("event", "create events");

        private final String label;
        private final String right;

        Write(String label, String right) {
            this.label = label;
            this.right = right;
        }

        /** The name in metrics. */
        String label() {
            return label;
        }
    }

    /** What came of a write; the labels stand in metrics. */
    enum Result {
        OK("ok"),
        CONFLICT("conflict"),
        FORBIDDEN("forbidden"),
        GONE("gone"),
        FAILED("failed");

        private final String label;

        Result(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }

        static Result of(KubernetesClientException e) {
            boolean terminating = e.getMessage() != null && e.getMessage().contains("is being terminated");
            return switch (e.getCode()) {
                case 404 -> GONE;
                case 409 -> CONFLICT;
                case 403 -> terminating ? GONE : FORBIDDEN;
                default -> FAILED;
            };
        }
    }

    /** Is told of every write. */
    @FunctionalInterface
    interface Listener {
        void wrote(Write write, Result result);
    }

    private static final Logger LOG = System.getLogger(WriteLog.class.getName());
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final Clock clock;
    private final Listener listener;
    private final Map<Write, Instant> quietUntil = new ConcurrentHashMap<>();
    private final Map<Write, String> problems = new ConcurrentHashMap<>();

    WriteLog(Clock clock, Listener listener) {
        this.clock = clock;
        this.listener = listener;
    }

    void succeeded(Write write) {
        problems.remove(write);
        listener.wrote(write, Result.OK);
    }

    /** What a namespace that is being deleted takes with it needs no words. */
    Result failed(Write write, KubernetesClientException e) {
        Result result = Result.of(e);
        listener.wrote(write, result);
        if (result == Result.GONE && e.getCode() == 403) {
            return result;
        }
        if (result == Result.CONFLICT && write == Write.STATUS) {
            // somebody else wrote, and the event that says so is on its way
            return result;
        }
        if (result == Result.FORBIDDEN) {
            problems.put(write, "the ServiceAccount lacks the right to " + write.right);
        }
        if (result != Result.GONE) {
            complain(
                    write,
                    result == Result.FORBIDDEN
                            ? problems.get(write)
                            : e.getMessage() == null ? "status " + e.getCode() : e.getMessage());
        }
        return result;
    }

    private void complain(Write write, String problem) {
        Instant now = clock.instant();
        Instant until = quietUntil.get(write);
        if (until == null || !now.isBefore(until)) {
            quietUntil.put(write, now.plus(QUIET));
            LOG.log(Level.WARNING, "cannot write ({0}): {1}", write.label(), problem);
        }
    }

    /** The right that is missing, as it was when it was last needed. */
    Optional<String> problem() {
        return problems.values().stream().findFirst();
    }
}
