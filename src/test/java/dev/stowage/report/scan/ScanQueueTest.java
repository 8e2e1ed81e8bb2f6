package dev.stowage.report.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.KeyringSource;
import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Keyring;
import dev.stowage.report.status.ImageScan;
import dev.stowage.report.status.ImageScan.Scope;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.Reason;
import dev.stowage.workload.Workload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ScanQueueTest {

    private static final Set<NodeProfile> PROFILES = Set.of(NodeProfile.of(Platform.parse("linux/amd64")));

    private final List<Runnable> started = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();
    private final ScanQueue<String> scans = new ScanQueue<>(
            (image, purpose, profiles, verification, keyring, deadline) -> CompletableFuture.completedFuture(
                    ImageScan.undetermined(image, profiles, Reason.UNAVAILABLE, "down")
                            .assessment()),
            KeyringSource.ANONYMOUS,
            started::add,
            1,
            ended::add);

    @Test
    void aResultStaysUntilItIsRemoved() {
        scans.submit("web", request("web"));
        started.remove(0).run();

        assertThat(ended).containsExactly("web");
        assertThat(scans.result("web")).isPresent();
        assertThat(scans.result("web")).isPresent();
        scans.remove("web");
        assertThat(scans.result("web")).isEmpty();
    }

    @Test
    void aForgottenScanHasNoResultAndMakesRoom() {
        scans.submit("web", request("web"));
        scans.submit("api", request("api"));
        scans.submit("job", request("job"));
        scans.forget("web");
        scans.forget("api");
        started.remove(0).run();
        started.remove(0).run();

        assertThat(scans.result("web")).isEmpty();
        assertThat(scans.result("job")).isPresent();
        assertThat(started).isEmpty();
        assertThat(scans.depth()).isZero();

        scans.submit("web", request("web"));
        started.remove(0).run();
        assertThat(scans.result("web")).isPresent();
    }

    @Test
    @DisplayName("a namespace with many images does not delay another one")
    void namespacesAreServedInTurn() {
        for (int i = 0; i < 100; i++) {
            scans.submit("many-" + i, request("many-" + i, "hostile"));
        }
        scans.submit("web", request("web", "shop"));
        started.remove(0).run();
        started.remove(0).run();

        assertThat(ended).containsExactly("many-0", "web");
    }

    @Test
    @DisplayName("an image that still has its digest is not read")
    void aKnownImageIsConfirmed() {
        Digest known = Digest.of("the image".getBytes(StandardCharsets.UTF_8));
        Assessor unchanged = new Assessor() {
            @Override
            public CompletableFuture<ImageAssessment> assess(
                    String image,
                    Purpose purpose,
                    Set<NodeProfile> profiles,
                    Verification verification,
                    Keyring keyring,
                    Deadline deadline) {
                return CompletableFuture.completedFuture(ImageScan.undetermined(image, profiles, Reason.TIMEOUT, "read")
                        .assessment());
            }

            @Override
            public CompletableFuture<Boolean> hasDigest(
                    String image, Digest digest, Keyring keyring, Deadline deadline) {
                return CompletableFuture.completedFuture(image.equals("web") && digest.equals(known));
            }
        };
        ScanQueue<String> confirming =
                new ScanQueue<>(unchanged, KeyringSource.ANONYMOUS, Runnable::run, 1, ended::add);

        confirming.submit("web", request("web", "shop", Optional.of(known)));
        confirming.submit("api", request("api", "shop", Optional.of(known)));

        assertThat(confirming.result("web")).map(ImageScan::scope).contains(Scope.DIGEST);
        assertThat(confirming.result("api")).map(ImageScan::scope).contains(Scope.FULL);
    }

    private static ScanRequest request(String image) {
        return request(image, "shop");
    }

    private static ScanRequest request(String image, String namespace) {
        return request(image, namespace, Optional.empty());
    }

    private static ScanRequest request(String image, String namespace, Optional<Digest> known) {
        Workload reader = new Workload(
                "Pod",
                namespace,
                "web",
                List.of(),
                SchedulingRules.NONE,
                List.of(),
                "default",
                Optional.empty(),
                true,
                false,
                false);
        return new ScanRequest(
                image, Assessor.Purpose.RUN, PROFILES, Assessor.Verification.MANIFESTS, false, known, reader);
    }
}
