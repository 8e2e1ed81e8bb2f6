package dev.stowage.cli.scan;

import dev.stowage.cluster.watch.Requests;
import dev.stowage.platform.NodeProfile;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.status.ReportVerdict;
import dev.stowage.report.usage.ImageKey;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * One image in one namespace.
 *
 * @param key the namespace, and the reference in full
 * @param image the reference as a user of it has written it
 * @param status what the image's report would say
 * @param verdicts the verdicts that it follows from; none if its pods may run on none of the platforms
 * @param requests what running containers with the image request
 */
record ScanRow(
        ImageKey key, String image, ImageReportStatus status, Map<NodeProfile, Verdict> verdicts, Requests requests) {

    /** Verdicts that say nothing of the image: no registry or no node matters for it. */
    private static final Set<String> NOT_CHECKED =
            Set.of("NoNodes", Reason.NEVER_PULLED.label(), Reason.NO_REFERENCE.label());

    ScanRow {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(status, "status");
        verdicts = Collections.unmodifiableMap(new LinkedHashMap<>(verdicts));
        Objects.requireNonNull(requests, "requests");
    }

    String namespace() {
        return key.namespace();
    }

    /** Whether it does not run on a platform that its pods may be scheduled on. */
    boolean doesNotRun() {
        return ReportVerdict.INCOMPATIBLE.equals(status.verdict());
    }

    /** Whether there was nothing to check. */
    boolean notChecked() {
        return ReportVerdict.UNRESOLVED.equals(status.verdict()) && NOT_CHECKED.contains(status.reason());
    }

    /** Whether it could not be determined whether it runs, also because it does not exist. */
    boolean undetermined() {
        return notFound() || ReportVerdict.UNRESOLVED.equals(status.verdict()) && !notChecked();
    }

    /** Whether it does not exist; it may be pushed later. */
    boolean notFound() {
        return ReportVerdict.NOT_FOUND.equals(status.verdict());
    }

    /** The workloads that use it, {@code Deployment/web}, of which some may be left out. */
    List<String> workloads() {
        return status.usedBy().stream()
                .map(user -> user.kind() + "/" + user.name())
                .distinct()
                .toList();
    }

    /** The workloads in words: {@code Deployment/web, and 3 more}. */
    String workloadsInWords() {
        List<String> named = workloads();
        int total = Objects.requireNonNullElse(status.usedByTotal(), named.size());
        int shown = Math.min(named.size(), 2);
        String some = String.join(", ", named.subList(0, shown));
        return total > shown ? some + " and " + (total - shown) + " more" : some;
    }

    /** The reason in one word and as a sentence; empty for an image that runs without a warning. */
    String why() {
        String message = Objects.requireNonNullElse(status.message(), "");
        boolean runs = ReportVerdict.COMPATIBLE.equals(status.verdict());
        return runs || message.isEmpty() ? message : status.reason() + ": " + message;
    }
}
