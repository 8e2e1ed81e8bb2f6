package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.testing.TravelClock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DenialRecorderTest {

    private final AtomicInteger dropped = new AtomicInteger();
    private final DenialRecorder recorder = new DenialRecorder(
            "docker.io",
            "kube-system"::equals,
            new TravelClock(Instant.parse("2026-11-24T10:00:00Z")),
            () -> 0,
            dropped::incrementAndGet);

    @Test
    void denialsOfOneImageAreOneEntry() {
        for (int i = 0; i < 1_000; i++) {
            recorder.answered(Denials.of("shop", "Pod", "web-" + i, "shop/web:1"));
        }

        assertThat(recorder.depth()).isEqualTo(1);
        assertThat(dropped).hasValue(0);
    }

    @Test
    @DisplayName("a forged review of an excluded namespace leaves nothing")
    void anExcludedNamespaceHasNoReports() {
        recorder.answered(Denials.of("kube-system", "Pod", "web", "shop/web:1"));

        assertThat(recorder.depth()).isZero();
    }

    @Test
    void aDryRunLeavesNothing() {
        recorder.answered(Denials.of("shop", "Pod", "web", "shop/web:1", true));

        assertThat(recorder.depth()).isZero();
    }

    @Test
    @DisplayName("a tenant's imagination of image names does not fill the cluster with reports")
    void oneNamespaceHasSoManyNewImagesAndNoMore() {
        for (int i = 0; i < 500; i++) {
            recorder.answered(Denials.of("hostile", "Pod", "p", "x/image-" + i));
        }
        recorder.answered(Denials.of("shop", "Pod", "web", "shop/web:1"));

        assertThat(recorder.depth()).isEqualTo(101);
        assertThat(dropped).hasValue(400);
    }

    @Test
    @DisplayName("what waits is bounded while the API server takes nothing")
    void whatWaitsIsBounded() {
        for (int i = 0; i < 5_000; i++) {
            recorder.answered(Denials.of("ns-" + i, "Pod", "p", "x/image"));
        }

        assertThat(recorder.depth()).isEqualTo(1_000);
        assertThat(dropped).hasValue(4_000);
    }
}
