package dev.stowage.cli.check;

import dev.stowage.assessment.ImageFinding;
import dev.stowage.assessment.WorkloadAssessment;
import dev.stowage.assessment.WorkloadAssessor;
import dev.stowage.async.Deadline;
import dev.stowage.cli.engine.LocalEngine;
import dev.stowage.cli.manifest.ManifestWorkload;
import dev.stowage.cli.output.Explanation;
import dev.stowage.cli.output.ImageCheck;
import dev.stowage.cli.output.Progress;
import dev.stowage.node.EligibleNodes;
import dev.stowage.platform.NodeProfile;
import dev.stowage.verdict.Assessor.Purpose;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.Verdict;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;

/** One run of {@code stowage check}: checks all images at once and returns the results in the order of the input. */
final class CheckRun {

    /** Enough that the slowest registry does not delay the others, few enough not to be mistaken for an attack. */
    private static final int IMAGES_AT_ONCE = 24;

    private final LocalEngine engine;
    private final CheckedNodes nodes;
    private final Deadline deadline;
    private final BoundedAssessor assessor;
    private final Explainer explainer;
    private final boolean explain;
    private final List<CompletableFuture<Explanation>> explanations = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /**
     * @param engine answers
     * @param nodes the nodes to check for
     * @param timeout the timeout of all checks
     * @param progress notified of each image that is known
     * @param explain whether the results are explained
     */
    CheckRun(LocalEngine engine, CheckedNodes nodes, Duration timeout, Progress progress, boolean explain) {
        this.engine = engine;
        this.nodes = nodes;
        this.deadline = Deadline.in(timeout);
        TakenEntries taken = new TakenEntries();
        this.explain = explain;
        this.explainer = new Explainer(nodes, engine.policy(), taken);
        this.assessor = new BoundedAssessor(
                engine.assessor(explain ? taken::resolved : image -> {}), IMAGES_AT_ONCE, progress::step);
    }

    /** Checks these images and workloads. */
    List<ImageCheck> check(List<String> images, List<ManifestWorkload> workloads) {
        Set<NodeProfile> everywhere = new LinkedHashSet<>();
        nodes.nodes().forEach(node -> node.profile().ifPresent(everywhere::add));
        List<CompletableFuture<List<ImageCheck>>> answers = new ArrayList<>();
        for (String image : new LinkedHashSet<>(images)) {
            answers.add(explained(
                    assessor.assess(image, Purpose.RUN, everywhere, Verification.MANIFESTS, engine.keyring(), deadline),
                    assessment -> checks(assessment, Optional.empty()),
                    explainer::ofImage));
        }
        WorkloadAssessor workloadAssessor = new WorkloadAssessor(assessor);
        for (ManifestWorkload workload : workloads) {
            answers.add(workload.placed() ? review(workload, workloadAssessor) : reviewImage(workload, everywhere));
        }
        List<ImageCheck> checks = new ArrayList<>();
        answers.forEach(answer -> checks.addAll(answer.join()));
        return checks;
    }

    private <T> CompletableFuture<List<ImageCheck>> explained(
            CompletableFuture<T> assessed,
            Function<T, List<ImageCheck>> checks,
            BiFunction<T, List<ImageCheck>, Explanation> explanation) {
        CompletableFuture<List<ImageCheck>> checked = assessed.thenApply(checks);
        if (explain) {
            explanations.add(assessed.thenCombine(checked, explanation));
        }
        return checked;
    }

    /** Explanations of the results, in the order of the input; none unless requested. */
    List<Explanation> explanations() {
        return explanations.stream().map(CompletableFuture::join).toList();
    }

    /** Notes on the results, a line each. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    /** The number of different images that were requested. */
    int images() {
        return assessor.images();
    }

    private CompletableFuture<List<ImageCheck>> review(ManifestWorkload manifest, WorkloadAssessor workloadAssessor) {
        Workload workload = nodes.defaults().applyTo(manifest.workload());
        nodes.defaults()
                .refusal(workload)
                .ifPresent(reason ->
                        notes.add("stowage: " + named(workload) + ": the API server will reject its pods: " + reason));
        EligibleNodes known = EligibleNodes.of(nodes.answerable(workload.scheduling()), nodes.nodes());
        EligibleNodes eligible = known.withoutPossible();
        if (eligible.basis() == EligibleNodes.Basis.NONE) {
            notes.add("stowage: " + named(workload) + " is not checked: its pods may run on none of " + nodes.name());
            if (explain) {
                explanations.add(CompletableFuture.completedFuture(
                        explainer.ofUnchecked(source(manifest), workload.scheduling(), known)));
            }
            return CompletableFuture.completedFuture(List.of());
        }
        List<ImageUse> judged = judged(workload);
        Optional<String> excess = engine.reviewBudget().excessOf(judged);
        if (excess.isPresent()) {
            notes.add("stowage: " + named(workload) + " is not checked: it is too large to check: " + excess.get());
            return CompletableFuture.completedFuture(List.of());
        }
        return explained(
                workloadAssessor.assess(workload, judged, eligible, Verification.MANIFESTS, engine.keyring(), deadline),
                assessment -> checks(manifest, assessment),
                (assessment, checks) -> explainer.ofWorkload(source(manifest), assessment, known, checks));
    }

    private static ImageCheck.Source source(ManifestWorkload manifest) {
        Workload workload = manifest.workload();
        return new ImageCheck.Source(
                workload.kind(), workload.name(), workload.namespace(), "", manifest.path(), manifest.file(), 1);
    }

    /** Without those that no registry is needed for, and those of templates whose pods get their images later. */
    private List<ImageUse> judged(Workload workload) {
        List<ImageUse> pulled =
                workload.images().stream().filter(use -> !use.neverPulled()).toList();
        List<ImageUse> judged =
                pulled.stream().filter(use -> !use.image().isBlank()).toList();
        if (pulled.size() < workload.images().size()) {
            notes.add("stowage: " + named(workload) + ": " + (workload.images().size() - pulled.size())
                    + " image(s) with imagePullPolicy Never left alone");
        }
        if (judged.size() < pulled.size()) {
            notes.add("stowage: " + named(workload) + ": " + (pulled.size() - judged.size())
                    + " image(s) that a controller fills in left alone");
        }
        return judged;
    }

    private CompletableFuture<List<ImageCheck>> reviewImage(ManifestWorkload manifest, Set<NodeProfile> everywhere) {
        ImageUse use = manifest.workload().images().get(0);
        return explained(
                assessor.assess(
                        use.image(), Purpose.RUN, everywhere, Verification.MANIFESTS, engine.keyring(), deadline),
                assessment -> UnplacedImage.best(checks(assessment, Optional.of(source(manifest, use)))),
                (assessment, checks) -> explainer.ofUnplaced(source(manifest, use), assessment, checks));
    }

    private static List<ImageCheck> checks(ManifestWorkload manifest, WorkloadAssessment assessment) {
        List<ImageCheck> checks = new ArrayList<>();
        for (ImageFinding finding : assessment.findings()) {
            checks.addAll(checks(finding.assessment(), Optional.of(source(manifest, finding.use()))));
        }
        return checks;
    }

    private static ImageCheck.Source source(ManifestWorkload manifest, ImageUse use) {
        Workload workload = manifest.workload();
        return new ImageCheck.Source(
                workload.kind(),
                workload.name(),
                workload.namespace(),
                use.name(),
                manifest.path(),
                manifest.file(),
                manifest.lineOf(use));
    }

    /** Nodes of one platform with several runtimes are one answer, unless the runtimes disagree. */
    private static List<ImageCheck> checks(ImageAssessment assessment, Optional<ImageCheck.Source> source) {
        Map<String, Map<NodeProfile, Verdict>> byPlatform = new LinkedHashMap<>();
        assessment.verdicts().forEach((profile, verdict) -> byPlatform
                .computeIfAbsent(profile.platform().toString(), platform -> new LinkedHashMap<>())
                .put(profile, verdict));
        List<ImageCheck> checks = new ArrayList<>();
        for (Map<NodeProfile, Verdict> verdicts : byPlatform.values()) {
            boolean agreed = Set.copyOf(verdicts.values()).size() == 1;
            for (Map.Entry<NodeProfile, Verdict> verdict : verdicts.entrySet()) {
                Verdict said = agreed ? verdict.getValue() : ofRuntime(verdict.getKey(), verdict.getValue());
                checks.add(new ImageCheck(assessment.image(), verdict.getKey(), said, source));
                if (agreed) {
                    break;
                }
            }
        }
        return checks;
    }

    private static Verdict ofRuntime(NodeProfile profile, Verdict verdict) {
        String message = "on nodes with " + profile.runtimeLabel() + ": " + verdict.message();
        if (verdict instanceof Verdict.DoesNotRun) {
            return new Verdict.DoesNotRun(verdict.reason(), message);
        }
        return verdict instanceof Verdict.Undetermined ? new Verdict.Undetermined(verdict.reason(), message) : verdict;
    }

    private static String named(Workload workload) {
        return new ImageCheck.Source(workload.kind(), workload.name(), workload.namespace(), "", "", "", 1).workload();
    }
}
