package dev.stowage.report.export;

import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.NodeProfile;
import dev.stowage.policy.Placement;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ImageReportStatus.CheckedPlatform;
import dev.stowage.report.export.ExportedResult.Subject;
import dev.stowage.report.status.NodeVerdicts;
import dev.stowage.report.status.ReportVerdict;
import dev.stowage.report.status.StatusText;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.report.usage.ImageUsage.ImageUser;
import dev.stowage.verdict.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** The results of one ImageReport: one for each workload and platform that its pods may be scheduled on. */
final class ResultFactory {

    private static final int MAX_TEXT = 256;
    private static final String NO_NODES = "NoNodes";
    private static final Set<String> NOT_PULLED = Set.of(Reason.NEVER_PULLED.label(), Reason.NO_REFERENCE.label());

    private final PolicyConfig policy;
    private final BiFunction<String, Set<SchedulingRules>, Set<NodeProfile>> eligible;
    private final ImageReport report;
    private final ImageReportStatus status;
    private final String image;

    /**
     * @param eligible the profiles of the nodes that pods of a namespace with these rules may be scheduled on
     * @param status the current status of the report
     */
    ResultFactory(
            PolicyConfig policy,
            BiFunction<String, Set<SchedulingRules>, Set<NodeProfile>> eligible,
            ImageReport report,
            ImageReportStatus status) {
        this.policy = policy;
        this.eligible = eligible;
        this.report = report;
        this.status = status;
        this.image = StatusText.bounded(report.getSpec().image(), MAX_TEXT);
    }

    /** All results, the worst first. */
    List<ExportedResult> results(ImageUsage usage) {
        Map<Subject, List<ImageUser>> workloads = new LinkedHashMap<>();
        usage.users().forEach(user -> workloads
                .computeIfAbsent(Subject.of(user), subject -> new ArrayList<>())
                .add(user));
        if (workloads.isEmpty()) {
            workloads.put(Subject.of(report), List.of());
        }
        List<ExportedResult> results = new ArrayList<>();
        workloads.forEach((subject, users) -> results.addAll(results(subject, users)));
        results.sort(ExportedResult.ORDER);
        return results;
    }

    private List<ExportedResult> results(Subject subject, List<ImageUser> users) {
        if (policy.exemptions().includesImage(report.getSpec().image())) {
            return List.of(skipped(subject, users, "Exempt", "is exempt from the check"));
        }
        if (!users.isEmpty() && users.stream().allMatch(ImageUser::neverPulled)) {
            return List.of(skipped(
                    subject, users, Reason.NEVER_PULLED.label(), "is not pulled, because imagePullPolicy is Never"));
        }
        if (status.checkedPlatforms().isEmpty()) {
            return List.of(wholeImage(subject, users));
        }
        Map<String, List<CheckedPlatform>> platforms = platforms(users);
        if (platforms.isEmpty()) {
            return List.of(skipped(subject, users, NO_NODES, "is not checked: no known node matches the pods"));
        }
        boolean one = !users.isEmpty()
                && users.stream().allMatch(user -> policy.placementOf(user.pods()) == Placement.ANY)
                && platforms.values().stream()
                        .anyMatch(runtimes -> runtimes.stream().allMatch(ResultFactory::runs));
        return platforms.values().stream()
                .map(runtimes -> result(subject, users, runtimes, one))
                .toList();
    }

    /** The verdicts for the nodes of this workload, by platform. */
    private Map<String, List<CheckedPlatform>> platforms(List<ImageUser> users) {
        boolean given = users.isEmpty() || !report.getSpec().platforms().isEmpty();
        List<CheckedPlatform> checked = given
                ? status.checkedPlatforms()
                : eligible.apply(report.getMetadata().getNamespace(), new ImageUsage(users).rules()).stream()
                        .flatMap(profile -> NodeVerdicts.find(status.checkedPlatforms(), profile).stream())
                        .toList();
        return checked.stream()
                .collect(Collectors.groupingBy(CheckedPlatform::platform, LinkedHashMap::new, Collectors.toList()));
    }

    private ExportedResult result(
            Subject subject, List<ImageUser> users, List<CheckedPlatform> runtimes, boolean oneNodeIsEnough) {
        CheckedPlatform worst = runtimes.stream()
                .min((a, b) -> outcome(a, oneNodeIsEnough).compareTo(outcome(b, oneNodeIsEnough)))
                .orElseThrow();
        String clause =
                switch (worst.verdict()) {
                    case "Runs" -> "runs on ";
                    case "DoesNotRun" -> "does not run on ";
                    default -> "could not be checked for ";
                };
        Map<String, String> properties = properties(users, worst.reason());
        properties.put("runtime", worst.runtime());
        return new ExportedResult(
                subject,
                worst.platform(),
                outcome(worst, oneNodeIsEnough),
                sentence(clause + worst.platform(), worst.message()),
                properties);
    }

    /** The result for a verdict on a platform. */
    private static Outcome outcome(CheckedPlatform platform, boolean oneNodeIsEnough) {
        return switch (platform.verdict()) {
            case "Runs" -> platform.message() == null ? Outcome.PASS : Outcome.WARN;
            case "DoesNotRun" -> oneNodeIsEnough ? Outcome.WARN : Outcome.FAIL;
            default ->
                platform.reason() != null && NOT_PULLED.contains(platform.reason()) ? Outcome.SKIP : Outcome.ERROR;
        };
    }

    private static boolean runs(CheckedPlatform platform) {
        return "Runs".equals(platform.verdict());
    }

    /** The result for the verdict of a report that was checked for no platform. */
    private ExportedResult wholeImage(Subject subject, List<ImageUser> users) {
        Outcome outcome = NO_NODES.equals(status.reason())
                ? Outcome.SKIP
                : switch (status.verdict()) {
                    case ReportVerdict.COMPATIBLE -> Outcome.PASS;
                    case ReportVerdict.INCOMPATIBLE -> Outcome.FAIL;
                    default -> Outcome.ERROR;
                };
        String clause =
                switch (outcome) {
                    case PASS -> "runs on every node";
                    case FAIL -> "runs on no node";
                    default -> "could not be checked";
                };
        return new ExportedResult(
                subject,
                ExportedResult.WHOLE_IMAGE,
                outcome,
                sentence(clause, status.message()),
                properties(users, status.reason()));
    }

    private ExportedResult skipped(Subject subject, List<ImageUser> users, String reason, String clause) {
        return new ExportedResult(
                subject, ExportedResult.WHOLE_IMAGE, Outcome.SKIP, sentence(clause, null), properties(users, reason));
    }

    private String sentence(String clause, String why) {
        return StatusText.bounded(image + " " + clause + (why == null ? "" : ": " + why), 2 * MAX_TEXT);
    }

    private Map<String, String> properties(List<ImageUser> users, String reason) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("image", image);
        String containers =
                users.stream().map(ImageUser::container).distinct().sorted().collect(Collectors.joining(", "));
        Optional.ofNullable(StatusText.bounded(containers, MAX_TEXT))
                .ifPresent(names -> properties.put("containers", names));
        Optional.ofNullable(status.digest()).ifPresent(digest -> properties.put("digest", digest));
        Optional.ofNullable(reason).ifPresent(word -> properties.put("reason", word));
        return properties;
    }
}
