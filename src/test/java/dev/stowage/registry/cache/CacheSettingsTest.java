package dev.stowage.registry.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CacheSettingsTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    static Stream<Arguments> impossible() {
        return Stream.of(
                Arguments.of("contentBytes", -1L, MINUTE, MINUTE, MINUTE),
                Arguments.of("tagTtl", 1L, Duration.ofNanos(-1), MINUTE, MINUTE),
                Arguments.of("staleFor", 1L, MINUTE, Duration.ofDays(-1), MINUTE),
                Arguments.of("staleFor", 1L, MINUTE, Duration.ofDays(10_000), MINUTE),
                Arguments.of("patience", 1L, MINUTE, MINUTE, Duration.ZERO),
                Arguments.of("contentTtl", 1L, Duration.ofHours(2), MINUTE, MINUTE),
                Arguments.of("contentTtl", 1L, MINUTE, Duration.ofHours(2), MINUTE));
    }

    @ParameterizedTest(name = "{0} ({1} B, tags {2}, stale {3}, patience {4})")
    @MethodSource("impossible")
    void impossibleSettingsAreRefusedByName(
            String name, long contentBytes, Duration tagTtl, Duration staleFor, Duration patience) {
        assertThatThrownBy(() -> settings(contentBytes, tagTtl, staleFor, patience))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }

    @Test
    void zeroMeansNone() {
        assertThat(settings(0, Duration.ZERO, Duration.ZERO, MINUTE).tagTtl()).isZero();
    }

    private static CacheSettings settings(long contentBytes, Duration tagTtl, Duration staleFor, Duration patience) {
        return new CacheSettings(
                contentBytes, 1, 1, 1, Duration.ofHours(1), tagTtl, staleFor, MINUTE, MINUTE, MINUTE, patience);
    }
}
