package dev.stowage.assessment;

import dev.stowage.async.CancellableFutures;
import dev.stowage.async.Deadline;
import dev.stowage.image.Printable;
import dev.stowage.node.EligibleNodes;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.registry.Keyring;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.Workload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Assesses the images of a workload concurrently, each distinct image once; the webhook and the command line share it.
 *
 * <p>If no eligible node is known ({@link EligibleNodes.Basis#NONE}), the verdicts are for {@link #DEFAULT_PROFILES}. They do not say
 * where the pods could run, only whether the image is valid at all.
 */
public final class WorkloadAssessor {

    /** The profiles that images are checked for if no node is known: the two most common platforms and runtimes. */
    public static final Set<NodeProfile> DEFAULT_PROFILES = defaultProfiles();

    /** The assessor keeps the deadline itself and gives the reason; this is for one that does not. */
    private static final long GRACE_MILLIS = 200;

    private final Assessor assessor;

    /** Assesses images with this assessor. */
    public WorkloadAssessor(Assessor assessor) {
        this.assessor = Objects.requireNonNull(assessor, "assessor");
    }

    /**
     * Assesses images of a workload.
     *
     * @param workload the workload
     * @param images the images to assess, usually all
     * @param nodes its eligible nodes
     * @param verification how much is read of each image
     * @param keyring the pull credentials of its pods
     * @param deadline the time by which it completes
     * @return completes by the deadline, never exceptionally; cancelling it cancels work that nothing else waits for
     */
    public CompletableFuture<WorkloadAssessment> assess(
            Workload workload,
            List<ImageUse> images,
            EligibleNodes nodes,
            Assessor.Verification verification,
            Keyring keyring,
            Deadline deadline) {
        Set<NodeProfile> profiles = profiles(nodes);
        Assessor local = assessor.inNamespace(workload.namespace());
        Map<AssessmentKey, CompletableFuture<ImageAssessment>> distinct = new LinkedHashMap<>();
        List<CompletableFuture<ImageAssessment>> byUse = new ArrayList<>(images.size());
        for (ImageUse use : images) {
            byUse.add(distinct.computeIfAbsent(
                    AssessmentKey.of(use, workload),
                    key -> key.neverPulled()
                            ? CompletableFuture.completedFuture(neverPulled(key.image(), profiles))
                            : assess(local, key, profiles, verification, keyring, deadline)));
        }
        return CancellableFutures.map(CancellableFutures.all(distinct.values()), all -> {
            List<ImageFinding> findings = new ArrayList<>(images.size());
            for (int i = 0; i < images.size(); i++) {
                findings.add(new ImageFinding(images.get(i), byUse.get(i).join()));
            }
            return new WorkloadAssessment(workload, nodes, findings);
        });
    }

    private static CompletableFuture<ImageAssessment> assess(
            Assessor assessor,
            AssessmentKey key,
            Set<NodeProfile> profiles,
            Assessor.Verification verification,
            Keyring keyring,
            Deadline deadline) {
        CompletableFuture<ImageAssessment> assessment =
                assessor.assess(key.image(), key.purpose(), profiles, verification, keyring, deadline);
        if (!assessment.isDone()) {
            // a future of its own, so that the timeout does not complete the assessor's
            assessment = CancellableFutures.map(assessment, Function.<ImageAssessment>identity())
                    .completeOnTimeout(
                            late(key.image(), profiles),
                            deadline.remaining().toMillis() + GRACE_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
        return assessment;
    }

    private static Set<NodeProfile> profiles(EligibleNodes nodes) {
        return nodes.basis() == EligibleNodes.Basis.NONE ? DEFAULT_PROFILES : nodes.profiles();
    }

    private static ImageAssessment neverPulled(String image, Set<NodeProfile> profiles) {
        return undetermined(
                image,
                profiles,
                new Verdict.Undetermined(
                        Reason.NEVER_PULLED,
                        "imagePullPolicy is Never: the node uses its own copy, not the registry's"));
    }

    private static ImageAssessment late(String image, Set<NodeProfile> profiles) {
        return undetermined(
                image, profiles, new Verdict.Undetermined(Reason.TIMEOUT, "not finished within the deadline"));
    }

    private static ImageAssessment undetermined(String image, Set<NodeProfile> profiles, Verdict verdict) {
        Map<NodeProfile, Verdict> verdicts = new LinkedHashMap<>();
        profiles.forEach(profile -> verdicts.put(profile, verdict));
        return new ImageAssessment(Printable.of(image), ImageContents.UNKNOWN, verdicts);
    }

    private static Set<NodeProfile> defaultProfiles() {
        Set<NodeProfile> profiles = new LinkedHashSet<>();
        for (RuntimeFamily runtime : List.of(RuntimeFamily.CONTAINERD_2_3, RuntimeFamily.CRIO)) {
            profiles.add(new NodeProfile(Platform.of("linux", "amd64"), runtime));
            profiles.add(new NodeProfile(Platform.of("linux", "arm64"), runtime));
        }
        return Collections.unmodifiableSet(profiles);
    }

    /** Uses of an image with the same key share an assessment. */
    private record AssessmentKey(String image, Assessor.Purpose purpose, boolean neverPulled) {

        static AssessmentKey of(ImageUse use, Workload workload) {
            return new AssessmentKey(use.image(), purpose(use, workload), use.neverPulled());
        }

        private static Assessor.Purpose purpose(ImageUse use, Workload workload) {
            if (use.role() == ImageUse.Role.VOLUME) {
                return Assessor.Purpose.MOUNT;
            }
            if (use.data()) {
                return Assessor.Purpose.DATA;
            }
            return workload.runtimeClass().isPresent() ? Assessor.Purpose.RUN_BY_RUNTIME_CLASS : Assessor.Purpose.RUN;
        }
    }
}
