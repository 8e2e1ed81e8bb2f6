package dev.stowage.report.write;

import dev.stowage.kube.MissingPermission;
import dev.stowage.log.ThrottledLog;
import dev.stowage.report.api.ImageReport;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** Counts API writes, and logs failures with their fix, each kind once a minute at most. */
public final class ApiWriteMonitor {

    /** A kind of API write. */
    public enum Write {
        CREATE("create imagereports.stowage.dev"),
        STATUS("patch imagereports.stowage.dev/status"),
        DELETE("delete imagereports.stowage.dev"),
        DENIAL("get and create imagereports.stowage.dev and patch imagereports.stowage.dev/status"),
        EVENT("create events"),
        EXPORT("get, create and patch the reports that reports.export names");

        private final String permission;

        Write(String permission) {
            this.permission = permission;
        }

        /** The name in metrics and logs. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The result of a write. */
    public enum Result {
        OK,
        CONFLICT,
        FORBIDDEN,
        GONE,
        /** The API server rejects it: too large, or not valid by the CRD. */
        REFUSED,
        FAILED;

        /** The name in metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Result of(KubernetesClientException e) {
            return switch (e.getCode()) {
                case 404 -> GONE;
                case 409 -> CONFLICT;
                case 403 -> messageContains(e, "is being terminated") ? GONE : FORBIDDEN;
                case 413, 422 -> REFUSED;
                // etcd's own bound comes back as an internal error
                default -> messageContains(e, "request is too large") ? REFUSED : FAILED;
            };
        }

        private static boolean messageContains(KubernetesClientException e, String text) {
            return e.getMessage() != null && e.getMessage().contains(text);
        }
    }

    private static final Logger LOG = System.getLogger(ApiWriteMonitor.class.getName());

    private final BiConsumer<Write, Result> listener;
    private final ThrottledLog log;
    private final Map<Write, String> problems = new ConcurrentHashMap<>();
    private final Set<String> logged = ConcurrentHashMap.newKeySet();
    private volatile Optional<String> pruned = Optional.empty();

    /** @param listener is notified of every write */
    public ApiWriteMonitor(Clock clock, BiConsumer<Write, Result> listener) {
        this.log = new ThrottledLog(LOG, "ImageReports", clock);
        this.listener = listener;
    }

    /** A write succeeded. */
    public void succeeded(Write write) {
        problems.remove(write);
        log.resolve(write.label() + " requests");
        listener.accept(write, Result.OK);
    }

    /** An Event could not be written. */
    public Result failed(Write write, KubernetesClientException e) {
        return failed(write, e, "an event");
    }

    /**
     * A write failed.
     *
     * @param what the object
     */
    public Result failed(Write write, KubernetesClientException e, String what) {
        Result result = Result.of(e);
        listener.accept(write, result);
        if (result == Result.CONFLICT && write == Write.STATUS) {
            // the event of the other client's write is on its way
            return result;
        }
        if (result == Result.FORBIDDEN) {
            problems.put(
                    write,
                    MissingPermission.in(e)
                            .map(MissingPermission::clause)
                            .orElse("the ServiceAccount lacks the permission to " + write.permission));
        }
        if (result != Result.GONE) {
            String problem =
                    switch (result) {
                        case FORBIDDEN -> problems.get(write);
                        case REFUSED -> "the API server rejects " + what + ": " + reason(e);
                        default -> e.getMessage() == null ? "status " + e.getCode() : e.getMessage();
                    };
            log.report(write.label() + " requests", "cannot write (" + write.label() + "): " + problem);
        }
        return result;
    }

    private static String reason(KubernetesClientException e) {
        return e.getStatus() == null || e.getStatus().getMessage() == null
                ? String.valueOf(e.getMessage())
                : e.getStatus().getMessage();
    }

    /**
     * A status was written, and the API server dropped these fields of it.
     *
     * @param pruned their paths; empty if none
     */
    void dropped(Set<String> pruned) {
        this.pruned = pruned.isEmpty()
                ? Optional.empty()
                : Optional.of("the CRD " + ImageReport.CRD_NAME + " is older than this Stowage and has no "
                        + String.join(", ", pruned) + "; apply k8s/crd-imagereports.yaml, or upgrade the chart");
        if (logged.addAll(pruned)) {
            LOG.log(
                    Level.WARNING,
                    "ImageReports are updated without some of their fields: {0}",
                    this.pruned.orElse(""));
        }
    }

    /** The missing permissions, each as of its last use, or that the CRD is too old. */
    public Optional<String> problem() {
        return problems.values().stream()
                .distinct()
                .sorted()
                .reduce((some, more) -> some + "; " + more)
                .or(() -> pruned);
    }
}
