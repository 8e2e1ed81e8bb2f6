package dev.stowage.registry.cache;

import static dev.stowage.registry.cache.CacheFixture.APP;
import static dev.stowage.registry.cache.CacheFixture.NOBODY;
import static dev.stowage.registry.cache.CacheFixture.OLD;
import static dev.stowage.registry.cache.CacheFixture.failed;
import static dev.stowage.registry.cache.CacheFixture.found;
import static dev.stowage.registry.cache.CacheFixture.kind;
import static dev.stowage.registry.cache.CacheFixture.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.registry.RegistryFailure.Kind;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureMemoryTest {

    private final CacheFixture fixture = new CacheFixture();
    private final HeldRegistry registry = fixture.registry;

    static Stream<Arguments> memories() {
        return Stream.of(
                Arguments.of(Kind.NOT_FOUND, 30),
                Arguments.of(Kind.UNAUTHORIZED, 30),
                Arguments.of(Kind.FORBIDDEN, 30),
                Arguments.of(Kind.INVALID, 30),
                Arguments.of(Kind.TOO_LARGE, 30),
                Arguments.of(Kind.NOT_AN_IMAGE, 30),
                Arguments.of(Kind.RATE_LIMITED, 30),
                Arguments.of(Kind.UNAVAILABLE, 5),
                Arguments.of(Kind.TIMEOUT, 5));
    }

    @ParameterizedTest(name = "{0} is remembered for {1} s")
    @MethodSource("memories")
    void aFailureIsRememberedForAsLongAsItsKindSays(Kind kind, int seconds) {
        var tag = fixture.tag(NOBODY);
        registry.get().fail(kind);
        var entry = fixture.entry(OLD, NOBODY);
        registry.get().fail(kind);
        assertThat(kind(tag)).isEqualTo(kind);
        assertThat(kind(entry)).isEqualTo(kind);
        registry.newRequests();

        fixture.pass(Duration.ofSeconds(seconds).minusNanos(1));
        Deadline hurried = Deadline.in(Duration.ofSeconds(2));
        assertThat(kind(fixture.cache.manifest(APP, "t", NOBODY, hurried))).isEqualTo(kind);
        assertThat(kind(fixture.cache.manifest(APP, CacheFixture.descriptor(OLD), NOBODY, hurried)))
                .isEqualTo(kind);
        assertThat(registry.newRequests()).isEmpty();
        assertThat(fixture.met).endsWith("tag failure", "manifest failure");

        fixture.pass(Duration.ofNanos(1));
        assertThat(fixture.tag(NOBODY)).isNotDone();
        assertThat(fixture.entry(OLD, NOBODY)).isNotDone();
    }

    @Test
    void aRefusalOfOurOwnIsNotRememberedSinceItCostsNothing() {
        var first = fixture.tag(NOBODY);
        registry.get().fail(Kind.REFUSED);

        assertThat(kind(first)).isEqualTo(Kind.REFUSED);
        assertThat(fixture.tag(NOBODY)).isNotDone();
    }

    @ParameterizedTest(name = "Retry-After {0} s is obeyed for {1} s")
    @MethodSource("pauses")
    void retryAfterIsObeyedWithinBounds(long asked, long obeyed) {
        fixture.tag(NOBODY);
        registry.get().fail(Kind.RATE_LIMITED, Optional.of(Duration.ofSeconds(asked)));

        fixture.pass(Duration.ofSeconds(obeyed).minusNanos(1));
        assertThat(kind(fixture.tag(NOBODY))).isEqualTo(Kind.RATE_LIMITED);
        assertThat(failed(fixture.tag(NOBODY)).retryAfter().orElseThrow()).isLessThan(Duration.ofDays(36_500));
        fixture.pass(Duration.ofNanos(1));
        assertThat(fixture.tag(NOBODY)).isNotDone();
    }

    static Stream<Arguments> pauses() {
        return Stream.of(
                Arguments.of(0, 1),
                Arguments.of(60, 60),
                Arguments.of(300, 300),
                Arguments.of(86_400, 300),
                Arguments.of(1_000_000_000L, 300));
    }

    @Test
    void aTimeoutSaysNothingToWhoBringsMoreTime() {
        fixture.cache.manifest(APP, "t", NOBODY, Deadline.in(Duration.ofSeconds(2)));
        registry.get().fail(Kind.TIMEOUT);

        assertThat(kind(fixture.cache.manifest(APP, "t", NOBODY, Deadline.in(Duration.ofSeconds(5)))))
                .isEqualTo(Kind.TIMEOUT);
        assertThat(fixture.cache.manifest(APP, "t", NOBODY, soon())).isNotDone();
    }

    @Test
    @DisplayName("a request that nobody could wait for answers the next ones in as much of a hurry at once")
    void anAbandonedRequestIsRemembered() {
        var answer = fixture.cache.manifest(APP, "t", NOBODY, Deadline.in(Duration.ofMillis(30)));
        answer.join();
        assertThat(kind(answer)).isEqualTo(Kind.TIMEOUT);

        assertThat(kind(fixture.cache.manifest(APP, "t", NOBODY, Deadline.in(Duration.ofMillis(20)))))
                .isEqualTo(Kind.TIMEOUT);
        assertThat(registry.newRequests()).hasSize(1);
        assertThat(fixture.tag(NOBODY)).isNotDone();
    }

    @Test
    void anAnswerEndsTheMemoryOfAFailure() {
        fixture.cache.manifest(APP, "t", NOBODY, Deadline.in(Duration.ofSeconds(1)));
        registry.get().fail(Kind.TIMEOUT);
        var second = fixture.tag(NOBODY);
        registry.get().find(OLD);
        assertThat(found(second)).isEqualTo(OLD);
        fixture.pass(CacheSettings.DEFAULT.tagTtl());

        assertThat(fixture.tag(NOBODY)).isNotDone();
    }

    @Test
    void memoryOfFailuresIsBounded() {
        for (int i = 0; i < 20_000; i++) {
            fixture.cache.manifest(APP, "no-such-tag-" + i, NOBODY, soon());
            registry.get().fail(Kind.NOT_FOUND);
        }

        fixture.assertThatCachesAreWithinBounds();
        assertThat(fixture.cache.caches().get(3).estimatedSize()).isBetween(1L, 19_999L);
    }
}
