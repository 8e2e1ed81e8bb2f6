package dev.stowage.assessment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.node.EligibleNodes;
import dev.stowage.oci.DocumentReader;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Keyring;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.testing.FakeCluster;
import dev.stowage.testing.MemoryRegistry;
import dev.stowage.testing.Reviews;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.EngineAssessor;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Judge;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import dev.stowage.workload.Workload;
import dev.stowage.workload.WorkloadReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WorkloadAssessorTest {

    private static final Platform AMD64 = Platform.of("linux", "amd64");

    private final MemoryRegistry registry = new MemoryRegistry();
    private final SampleImages images = new SampleImages(registry);
    private final FakeCluster cluster =
            new FakeCluster().node("amd", "linux/amd64").node("arm", "linux/arm64");
    private final WorkloadAssessor workloadAssessor = new WorkloadAssessor(
            new EngineAssessor("docker.io", new ImageResolver(registry, new DocumentReader()), new Judge()));

    @Test
    void aDistinctImageIsAskedForOnce() {
        images.index("1", images.image(AMD64));

        WorkloadAssessment assessment =
                review("{containers: [{name: a, image: 'r.example/x:1'}, {name: b, image: 'r.example/x:1'}]}");

        assertThat(registry.asked()).containsExactly("1");
        assertThat(assessment.findings()).hasSize(2);
        assertThat(assessment.findings().get(0).assessment())
                .isSameAs(assessment.findings().get(1).assessment());
    }

    @Test
    void anImageThatIsMountedIsDataAndOneThatIsRunIsNot() {
        images.image("1", AMD64);

        WorkloadAssessment assessment = review(
                "{containers: [{name: a, image: 'r.example/x:1'}], volumes: [{name: v, image: {reference: 'r.example/x:1'}}]}");

        assertThat(verdicts(assessment)).containsExactly("Runs/DoesNotRun", "Runs/Runs");
    }

    @Test
    void underARuntimeClassWasmIsForTheNodeToSay() {
        images.image("1", Platform.of("wasi", "wasm"));

        assertThat(verdicts(review("{containers: [{name: a, image: 'r.example/x:1'}]}")))
                .containsExactly("DoesNotRun/DoesNotRun");
        assertThat(verdicts(review("{runtimeClassName: wasmtime, containers: [{name: a, image: 'r.example/x:1'}]}")))
                .containsExactly("Undetermined/Undetermined");
    }

    @Test
    void whatIsNeverPulledIsNotAskedFor() {
        WorkloadAssessment assessment =
                review("{containers: [{name: a, image: 'r.example/x:1', imagePullPolicy: Never}]}");

        assertThat(registry.asked()).isEmpty();
        assertThat(assessment.findings().get(0).assessment().verdicts().values())
                .extracting(Verdict::reason)
                .containsExactly(Reason.NEVER_PULLED, Reason.NEVER_PULLED);
    }

    @Test
    void whereNoNodeIsKnownStandInsAreAskedAbout() {
        images.chart("1");
        cluster.without("amd").without("arm");

        WorkloadAssessment assessment = review("{containers: [{name: a, image: 'r.example/x:1'}]}");

        assertThat(assessment.nodes().basis()).isEqualTo(EligibleNodes.Basis.NONE);
        assertThat(assessment.findings().get(0).assessment().verdicts().keySet())
                .isEqualTo(WorkloadAssessor.DEFAULT_PROFILES);
    }

    @Test
    void allImagesAreAskedForBeforeAnyAnswerComes() {
        List<CompletableFuture<ImageAssessment>> asked = new ArrayList<>();
        Assessor slow = (image, purpose, profiles, verification, keyring, deadline) -> {
            asked.add(new CompletableFuture<>());
            return asked.get(asked.size() - 1);
        };

        CompletableFuture<WorkloadAssessment> review = start(slow, Duration.ofSeconds(30));

        assertThat(asked).hasSize(2);
        assertThat(review).isNotDone();
        asked.forEach(answer -> answer.complete(new ImageAssessment("x", ImageContents.UNKNOWN, Map.of())));
        assertThat(review).isCompleted();
    }

    @Test
    void anEngineThatNeverAnswersIsNotWaitedForPastTheDeadline() {
        CompletableFuture<ImageAssessment> never = new CompletableFuture<>();

        WorkloadAssessment assessment = start(
                        (image, purpose, profiles, verification, keyring, deadline) -> never, Duration.ZERO)
                .join();

        assertThat(assessment.findings().get(0).assessment().verdicts().values())
                .extracting(Verdict::reason)
                .containsOnly(Reason.TIMEOUT);
        assertThat(never).describedAs("others may wait for it longer").isNotDone();
    }

    private CompletableFuture<WorkloadAssessment> start(Assessor assessor, Duration time) {
        Workload workload = pod("{containers: [{name: a, image: 'x:1'}, {name: b, image: 'x:2'}]}");
        return new WorkloadAssessor(assessor)
                .assess(
                        workload,
                        workload.images(),
                        EligibleNodes.of(workload.scheduling(), cluster.nodes()),
                        Assessor.Verification.INDEX,
                        Keyring.ANONYMOUS,
                        Deadline.in(time));
    }

    private WorkloadAssessment review(String spec) {
        Workload workload = pod(spec);
        return workloadAssessor
                .assess(
                        workload,
                        workload.images(),
                        EligibleNodes.of(workload.scheduling(), cluster.nodes()),
                        Assessor.Verification.INDEX,
                        Keyring.ANONYMOUS,
                        Deadline.in(Duration.ofSeconds(10)))
                .join();
    }

    /** Of each image, what is said for amd64 and for arm64. */
    private static List<String> verdicts(WorkloadAssessment assessment) {
        return assessment.findings().stream()
                .map(finding -> finding.assessment().verdicts())
                .map(verdicts -> verdicts.get(NodeProfile.of(AMD64)).label() + "/"
                        + verdicts.get(NodeProfile.of(Platform.of("linux", "arm64")))
                                .label())
                .toList();
    }

    private static Workload pod(String spec) {
        return new WorkloadReader()
                .read(Reviews.yaml("{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: " + spec + "}"))
                .orElseThrow();
    }
}
