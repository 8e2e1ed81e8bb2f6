package dev.stowage.report.status;

import dev.stowage.image.Printable;
import dev.stowage.message.BuildAdvice;
import dev.stowage.platform.Platform;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ImageReportStatus.CheckedPlatform;
import dev.stowage.report.api.ImageReportStatus.ImagePlatform;
import dev.stowage.report.api.ImageReportStatus.UsedBy;
import dev.stowage.text.WordList;
import dev.stowage.verdict.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** A status in sentences: the verdict and why, the workloads, and how to fix it. {@code kubectl describe} prints them first. */
final class AboutImage {

    private static final int MAX_LINE = 512;
    private static final int MAX_WORKLOADS = 5;
    private static final String UNUSED = "no workload uses it";

    private AboutImage() {}

    /** At most four sentences; none of a status without a verdict. */
    static List<String> of(ImageReportStatus status) {
        if (status.verdict() == null) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(verdict(status));
        lines.add(users(status));
        lines.addAll(fixes(status));
        return lines.stream().map(line -> StatusText.bounded(line, MAX_LINE)).toList();
    }

    private static String verdict(ImageReportStatus status) {
        String message = Objects.requireNonNullElse(status.message(), "");
        String why = message.isEmpty() ? "" : ": " + message;
        return switch (status.verdict()) {
            case ReportVerdict.COMPATIBLE ->
                "runs on " + platforms(NodeVerdicts.with("Runs", status.checkedPlatforms())) + why;
            case ReportVerdict.INCOMPATIBLE ->
                "does not run on "
                        + (status.missingPlatforms().isEmpty() ? "any node" : platforms(status.missingPlatforms()))
                        + why
                        + Optional.ofNullable(status.summary())
                                .map(ImageReportStatus.Summary::steered)
                                .map(kept -> "; steering keeps its pods on " + kept)
                                .orElse("");
            case ReportVerdict.NOT_FOUND -> "does not exist in its registry" + why;
            default -> "it is not known whether it runs" + why;
        };
    }

    private static String platforms(List<String> platforms) {
        return Objects.requireNonNullElse(StatusText.list(platforms, platforms.size()), "no platform");
    }

    private static String users(ImageReportStatus status) {
        Map<String, String> workloads = new LinkedHashMap<>();
        for (UsedBy user : status.usedBy()) {
            String mode = user.mode() == null ? "" : " (mode " + user.mode() + ")";
            workloads.putIfAbsent(user.kind() + "/" + user.name(), user.kind() + "/" + user.name() + mode);
        }
        int total = Math.max(workloads.size(), Objects.requireNonNullElse(status.usedByTotal(), 0));
        return total == 0 ? UNUSED : "used by " + WordList.of(List.copyOf(workloads.values()), MAX_WORKLOADS, total);
    }

    private static List<String> fixes(ImageReportStatus status) {
        if (ReportVerdict.COMPATIBLE.equals(status.verdict())) {
            return List.of();
        }
        if (ReportVerdict.NOT_FOUND.equals(status.verdict())) {
            return List.of("fix: push the image, or correct its name or tag");
        }
        Optional<Reason> reason = Stream.of(Reason.values())
                .filter(one -> one.label().equals(status.reason()))
                .findFirst();
        if (reason.filter(one -> one == Reason.UNAUTHORIZED || one == Reason.FORBIDDEN)
                .isPresent()) {
            return List.of("fix: give the pods, or their ServiceAccount, a pull secret for the registry");
        }
        List<String> fixes = new ArrayList<>();
        if (reason.filter(BuildAdvice::helps).isPresent()) {
            BuildAdvice.of(
                            parsed(status.platforms().stream().map(ImagePlatform::platform)),
                            parsed(status.missingPlatforms().stream()))
                    .ifPresent(advice -> fixes.add("fix: " + advice));
        }
        selector(status).ifPresent(selector -> fixes.add((fixes.isEmpty() ? "fix: " : "or: ") + selector));
        return fixes;
    }

    /** Keeps the pods on the nodes that run it, where one label of nodes says which these are. */
    private static Optional<String> selector(ImageReportStatus status) {
        List<Platform> running = parsed(status.checkedPlatforms().stream()
                .filter(one -> one.verdict().equals("Runs"))
                .map(CheckedPlatform::platform));
        List<Platform> missing = parsed(status.missingPlatforms().stream());
        List<String> architectures =
                running.stream().map(Platform::architecture).distinct().toList();
        boolean distinguishes = architectures.size() == 1
                && missing.stream()
                        .noneMatch(platform -> platform.architecture().equals(architectures.get(0)));
        return ReportVerdict.INCOMPATIBLE.equals(status.verdict()) && distinguishes
                ? Optional.of("add nodeSelector: {kubernetes.io/arch: " + Printable.of(architectures.get(0))
                        + "} to the pod spec, which keeps the pods on nodes that run it")
                : Optional.empty();
    }

    private static List<Platform> parsed(Stream<String> platforms) {
        return platforms
                .flatMap(text -> {
                    try {
                        return Stream.of(Platform.parse(text));
                    } catch (IllegalArgumentException e) {
                        return Stream.empty();
                    }
                })
                .distinct()
                .toList();
    }
}
