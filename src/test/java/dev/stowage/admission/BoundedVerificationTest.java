package dev.stowage.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.assessment.WorkloadAssessor;
import dev.stowage.node.EligibleNodes;
import dev.stowage.registry.Keyring;
import dev.stowage.testing.FakeCluster;
import dev.stowage.testing.Reviews;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.workload.Workload;
import dev.stowage.workload.WorkloadReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class BoundedVerificationTest {

    private final FakeCluster cluster = new FakeCluster().node("amd", "linux/amd64");
    private final List<String> asked = new ArrayList<>();
    private final List<CompletableFuture<ImageAssessment>> answers = new ArrayList<>();
    private long now;
    private final Assessor assessor = (image, purpose, profiles, verification, keyring, deadline) -> {
        asked.add(verification + " " + image);
        answers.add(new CompletableFuture<>());
        return answers.get(answers.size() - 1);
    };
    private final BoundedVerification verification =
            new BoundedVerification(new WorkloadAssessor(assessor), Runnable::run, 1, () -> now);

    @Test
    void manifestsAreVerifiedOnceInAWhile() {
        start("shop", "a:1");
        finish();
        start("shop", "a:1");

        assertThat(asked).containsExactly("MANIFESTS a:1");

        now = Duration.ofHours(1).toNanos();
        start("shop", "a:1");
        assertThat(asked).hasSize(2);
    }

    @Test
    void eachNamespaceVerifiesWithItsOwnCredentials() {
        start("shop", "a:1");
        finish();
        start("other", "a:1");

        assertThat(asked).hasSize(2);
    }

    @Test
    void namespacesAreServedInTurn() {
        for (int image = 0; image < 20; image++) {
            start("noisy", "n:" + image);
        }
        start("quiet", "q:1");
        assertThat(asked).containsExactly("MANIFESTS n:0");

        finish();
        assertThat(asked).containsExactly("MANIFESTS n:0", "MANIFESTS q:1");
    }

    @Test
    void whatThereIsNoRoomForIsLeftOutUntilItComesAgain() {
        for (int image = 0; image < 100; image++) {
            start("shop", "n:" + image);
        }
        while (answers.stream().anyMatch(answer -> !answer.isDone())) {
            finish();
        }
        assertThat(asked).hasSizeLessThan(100).doesNotContain("MANIFESTS n:99");

        start("shop", "n:99");
        assertThat(asked).contains("MANIFESTS n:99");
    }

    @Test
    void whatIsRememberedIsBoundedByItsSize() {
        String tag = "t".repeat(100_000);
        for (int image = 0; image < 100; image++) {
            start("shop", image + ":" + tag);
            finish();
        }
        int before = asked.size();

        start("shop", "0:" + tag);
        finish();
        start("shop", "1:" + tag);
        assertThat(asked).hasSizeGreaterThan(before);
    }

    @Test
    void anExecutorThatIsShutDownTakesNoRoom() {
        List<Boolean> refused = new ArrayList<>();
        BoundedVerification closing = new BoundedVerification(
                new WorkloadAssessor(assessor),
                task -> {
                    refused.add(true);
                    throw new RejectedExecutionException();
                },
                1,
                () -> now);

        start(closing, "shop", "a:1");
        start(closing, "shop", "b:1");

        assertThat(refused).hasSize(2);
    }

    private void finish() {
        List.copyOf(answers)
                .forEach(answer -> answer.complete(new ImageAssessment("x", ImageContents.UNKNOWN, Map.of())));
    }

    private void start(String namespace, String image) {
        start(verification, namespace, image);
    }

    private void start(BoundedVerification on, String namespace, String image) {
        Workload workload = new WorkloadReader()
                .read(Reviews.yaml(Reviews.pod("app=" + image)))
                .orElseThrow()
                .withNamespace(namespace);
        on.start(
                workload,
                workload.images(),
                EligibleNodes.of(workload.scheduling(), cluster.nodes()),
                Keyring.ANONYMOUS);
    }
}
