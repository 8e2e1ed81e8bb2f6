package dev.stowage.report.write;

import dev.stowage.kube.MissingPermission;
import dev.stowage.log.ThrottledLog;
import dev.stowage.report.api.ImageReport;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps account of writes to the cluster, and says of what goes wrong once a minute what it is and what would fix it. */
public final class ApiWriteMonitor {

    /** What is written. */
    public enum Write {
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
        public String label() {
            return label;
        }
    }

    /** What came of a write; the labels stand in metrics. */
    public enum Result {
        OK("ok"),
        CONFLICT("conflict"),
        FORBIDDEN("forbidden"),
        GONE("gone"),
        /** The API server will not take it as it is: too large, or not what the CRD requests. */
        REFUSED("refused"),
        FAILED("failed");

        private final String label;

        Result(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }

        static Result of(KubernetesClientException e) {
            return switch (e.getCode()) {
                case 404 -> GONE;
                case 409 -> CONFLICT;
                case 403 -> says(e, "is being terminated") ? GONE : FORBIDDEN;
                case 413, 422 -> REFUSED;
                // etcd's own bound comes back as an internal error
                default -> says(e, "request is too large") ? REFUSED : FAILED;
            };
        }

        private static boolean says(KubernetesClientException e, String text) {
            return e.getMessage() != null && e.getMessage().contains(text);
        }
    }

    /** Is notified of every write. */
    @FunctionalInterface
    public interface Listener {
        void wrote(Write write, Result result);
    }

    private static final Logger LOG = System.getLogger(ApiWriteMonitor.class.getName());

    private final Listener listener;
    private final ThrottledLog log;
    private final Map<Write, String> problems = new ConcurrentHashMap<>();
    private final Set<String> said = ConcurrentHashMap.newKeySet();
    private volatile Optional<String> pruned = Optional.empty();

    public ApiWriteMonitor(Clock clock, Listener listener) {
        this.log = new ThrottledLog(LOG, "ImageReports", clock);
        this.listener = listener;
    }

    public void succeeded(Write write) {
        problems.remove(write);
        log.resolve(write.label() + " requests");
        listener.wrote(write, Result.OK);
    }

    /** What a namespace that is being deleted takes with it needs no words. */
    public Result failed(Write write, KubernetesClientException e) {
        return failed(write, e, "an event");
    }

    /** @param what could not be written */
    Result failed(Write write, KubernetesClientException e, String what) {
        Result result = Result.of(e);
        listener.wrote(write, result);
        if (result == Result.GONE && e.getCode() == 403) {
            return result;
        }
        if (result == Result.CONFLICT && write == Write.STATUS) {
            // another client wrote, and the event that says so is on its way
            return result;
        }
        if (result == Result.FORBIDDEN) {
            problems.put(
                    write,
                    MissingPermission.in(e)
                            .map(MissingPermission::clause)
                            .orElse("the ServiceAccount lacks the permission to " + write.right));
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
     * A status was written, and these of its fields were not kept.
     *
     * @param pruned their paths; empty when all were
     */
    void kept(Set<String> pruned) {
        this.pruned = pruned.isEmpty()
                ? Optional.empty()
                : Optional.of("the CRD " + ImageReport.CRD_NAME + " is older than this Stowage and has no "
                        + String.join(", ", pruned) + "; apply k8s/crd-imagereports.yaml, or upgrade the chart");
        if (said.addAll(pruned)) {
            LOG.log(
                    Level.WARNING,
                    "ImageReports are updated without some of their fields: {0}",
                    this.pruned.orElse(""));
        }
    }

    /** The rights that are missing, as it was when each was last needed, or that the CRD is too old. */
    public Optional<String> problem() {
        return problems.values().stream()
                .distinct()
                .sorted()
                .reduce((some, more) -> some + "; " + more)
                .or(() -> pruned);
    }
}
