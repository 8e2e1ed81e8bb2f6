package dev.stowage.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.assessment.WorkloadAssessor;
import dev.stowage.platform.NodeProfile;
import dev.stowage.policy.Action;
import dev.stowage.policy.Exemptions;
import dev.stowage.policy.Mode;
import dev.stowage.policy.Placement;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.registry.Keyring;
import dev.stowage.testing.FakeCluster;
import dev.stowage.testing.Reviews;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Verdict;
import dev.stowage.workload.WorkloadReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Answers that take their time, and callers that do not wait for them. */
class AdmissionDeadlineTest {

    private static final byte[] REVIEW =
            Reviews.create(Reviews.pod("app=registry.example/shop:1")).bytes();

    private final FakeCluster cluster = new FakeCluster().node("amd", "linux/amd64");
    private final List<AdmissionEvent> outcomes = new ArrayList<>();
    private final Map<String, CompletableFuture<ImageAssessment>> asked = new HashMap<>();
    private final Assessor shared = (image, purpose, profiles, verification, keyring, deadline) ->
            asked.computeIfAbsent(image, first -> new CompletableFuture<>()).copy();

    @Test
    void aCallerThatGoesTakesNothingFromOthersWhoWaitForTheSame() {
        AdmissionHandler handler = handler(cluster.view(), Duration.ofSeconds(30));
        CompletableFuture<AdmissionResponse> cancelled = handler.handle(REVIEW);
        CompletableFuture<AdmissionResponse> waiting = handler.handle(REVIEW);

        cancelled.cancel(true);
        asked.get("registry.example/shop:1").complete(runs());

        assertThat(waiting).isCompleted();
        assertThat(Admissions.json(waiting.join())
                        .path("response")
                        .path("allowed")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void anAnswerComesByTheDeadlineThoughTheRegistryGivesNone() {
        AdmissionResponse answer =
                handler(cluster.view(), Duration.ofMillis(1)).handle(REVIEW).join();

        assertThat(Admissions.json(answer).path("response").path("allowed").asBoolean())
                .isTrue();
        assertThat(Admissions.json(answer)
                        .path("response")
                        .path("warnings")
                        .get(0)
                        .asText())
                .isEqualTo("Stowage: container \"app\": image registry.example/shop:1 could not be checked: "
                        + "not finished within the deadline");
        assertThat(outcomes).extracting(AdmissionEvent::decision).containsExactly(Decision.WARNED);
    }

    @Test
    void credentialsThatNeverComeLockNobodyOut() {
        ClusterView view = cluster.view((workload, deadline) -> new CompletableFuture<Keyring>());

        AdmissionResponse answer =
                handler(view, Duration.ofMillis(1)).handle(REVIEW).join();

        assertThat(Admissions.json(answer).path("response").path("allowed").asBoolean())
                .isTrue();
        assertThat(outcomes).extracting(AdmissionEvent::decision).containsExactly(Decision.FAILED);
    }

    private AdmissionHandler handler(ClusterView view, Duration deadline) {
        PolicyConfig policy = new PolicyConfig(
                Mode.ENFORCE,
                Placement.ALL,
                Placement.ANY,
                Action.WARN,
                Action.WARN,
                Action.WARN,
                Verification.INDEX,
                deadline,
                Exemptions.NONE);
        return new AdmissionHandler(
                new WorkloadReader(),
                new WorkloadAssessor(shared),
                view,
                () -> policy,
                BackgroundVerification.NONE,
                outcomes::add);
    }

    private ImageAssessment runs() {
        Map<NodeProfile, Verdict> verdicts = new LinkedHashMap<>();
        cluster.nodes().forEach(node -> verdicts.put(node.profile().orElseThrow(), new Verdict.Runs(List.of())));
        return new ImageAssessment("registry.example/shop:1", ImageContents.UNKNOWN, verdicts);
    }
}
