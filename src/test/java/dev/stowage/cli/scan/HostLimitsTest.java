package dev.stowage.cli.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.registry.RegistryObserver.Operation;
import dev.stowage.registry.RegistryObserver.Request;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HostLimitsTest {

    private static final String HOST = "r.example";
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final AtomicLong now = new AtomicLong();
    private final HostLimits limits = new HostLimits(now::get);

    @Test
    void aLongPauseStopsAHostAndNoOther() {
        limits.refused(HOST, Duration.ofMinutes(5));

        assertThat(limits.stopped(HOST)).get().asString().contains("log in to it", "--cache FILE");
        assertThat(limits.stopped("other.example")).isEmpty();
    }

    @Test
    @DisplayName("short pauses are kept, and images that were on their way are part of the same pause")
    void shortPauses() {
        for (int i = 0; i < 8; i++) {
            limits.refused(HOST, Duration.ofSeconds(1));
        }
        assertThat(limits.stopped(HOST)).isEmpty();
        for (int i = 0; i < 3; i++) {
            now.addAndGet(2 * SECOND);
            limits.refused(HOST, Duration.ofSeconds(1));
        }
        assertThat(limits.stopped(HOST)).isPresent();
    }

    @Test
    void anAnswerBetweenPausesStartsThemAnew() {
        for (int i = 0; i < 10; i++) {
            limits.refused(HOST, Duration.ofSeconds(1));
            now.addAndGet(2 * SECOND);
            limits.answered(HOST);
        }
        assertThat(limits.stopped(HOST)).isEmpty();
    }

    @Test
    @DisplayName("Docker Hub says that no request is left: it gets none any more")
    void nothingLeft() {
        limits.finished(request(OptionalLong.of(1)));
        assertThat(limits.stopped("docker.io")).isEmpty();
        limits.finished(request(OptionalLong.of(0)));
        assertThat(limits.stopped("docker.io")).isPresent();
    }

    @Test
    void afterAPauseOneImageAtATime() {
        CompletableFuture<String> first = new CompletableFuture<>();
        AtomicLong started = new AtomicLong();
        limits.refused(HOST, Duration.ofNanos(1));
        now.addAndGet(SECOND);

        CompletableFuture<String> one = limits.inTurn(HOST, () -> first);
        CompletableFuture<String> other = limits.inTurn(HOST, () -> {
            started.incrementAndGet();
            return CompletableFuture.completedFuture("other");
        });

        assertThat(started).hasValue(0);
        first.complete("one");
        assertThat(one.join()).isEqualTo("one");
        assertThat(other.join()).isEqualTo("other");
    }

    private static Request request(OptionalLong remaining) {
        return new Request("registry-1.docker.io", Operation.MANIFEST, Optional.empty(), Duration.ZERO, remaining);
    }
}
