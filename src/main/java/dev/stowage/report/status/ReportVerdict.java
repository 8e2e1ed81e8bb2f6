package dev.stowage.report.status;

import dev.stowage.report.api.ImageReportStatus.CheckedPlatform;
import dev.stowage.verdict.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The verdict of a report, from those for its platforms.
 *
 * @param verdict {@code Compatible}, {@code Incompatible}, {@code NotFound} or {@code Unresolved}
 * @param reason the reason in one word
 * @param message the reason as a sentence; may be null
 */
public record ReportVerdict(String verdict, String reason, String message) {

    public static final String COMPATIBLE = "Compatible";
    public static final String INCOMPATIBLE = "Incompatible";
    public static final String NOT_FOUND = "NotFound";
    public static final String UNRESOLVED = "Unresolved";

    private static final int MAX_MESSAGE = 1024;

    /** Reasons for which an image runs on no node at all. */
    private static final Set<String> FOR_EVERY_NODE = Arrays.stream(Reason.values())
            .filter(Reason::independentOfPlatform)
            .map(Reason::label)
            .collect(Collectors.toUnmodifiableSet());

    static ReportVerdict of(List<CheckedPlatform> verdicts) {
        if (NodeVerdicts.firstWith("DoesNotRun", verdicts).isPresent()) {
            return from(INCOMPATIBLE, "DoesNotRun", verdicts);
        }
        if (NodeVerdicts.firstWith("Undetermined", verdicts).isPresent()) {
            return notFound(verdicts).orElseGet(() -> from(UNRESOLVED, "Undetermined", verdicts));
        }
        return from(COMPATIBLE, "Runs", verdicts);
    }

    /** Without nodes an image is incompatible only if it runs on no node at all. */
    static ReportVerdict withoutNodes(List<CheckedPlatform> standIns) {
        boolean failsEverywhere = !standIns.isEmpty()
                && standIns.stream()
                        .allMatch(one -> "DoesNotRun".equals(one.verdict()) && FOR_EVERY_NODE.contains(one.reason()));
        if (failsEverywhere) {
            CheckedPlatform any = standIns.get(0);
            return new ReportVerdict(INCOMPATIBLE, any.reason(), any.message());
        }
        return notFound(standIns)
                .or(() -> NodeVerdicts.firstWith("Undetermined", standIns)
                        .map(one -> new ReportVerdict(UNRESOLVED, one.reason(), one.message())))
                .orElseGet(() ->
                        new ReportVerdict(UNRESOLVED, "NoNodes", "no known node matches the pods that use this image"));
    }

    /** No platform is missing: the image may be pushed later. */
    private static Optional<ReportVerdict> notFound(List<CheckedPlatform> verdicts) {
        return verdicts.stream()
                .filter(one -> Reason.NOT_FOUND.label().equals(one.reason()))
                .findFirst()
                .map(one -> new ReportVerdict(NOT_FOUND, one.reason(), one.message()));
    }

    private static ReportVerdict from(String conclusion, String verdict, List<CheckedPlatform> all) {
        CheckedPlatform first = NodeVerdicts.firstWith(verdict, all).orElseThrow();
        List<String> messages = all.stream()
                .filter(one -> verdict.equals(one.verdict()) && one.message() != null)
                .map(CheckedPlatform::message)
                .distinct()
                .toList();
        String message = messages.size() <= 1
                ? String.join("", messages)
                : all.stream()
                        .filter(one -> verdict.equals(one.verdict()) && one.message() != null)
                        .map(one -> one.platform() + ": " + one.message())
                        .distinct()
                        .collect(Collectors.joining("; "));
        return new ReportVerdict(conclusion, first.reason(), StatusText.bounded(message, MAX_MESSAGE));
    }
}
