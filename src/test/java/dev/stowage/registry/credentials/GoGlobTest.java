package dev.stowage.registry.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoGlobTest {

    @ParameterizedTest(name = "{0} on {1}: {2}")
    @CsvSource({
        "abc, abc, true",
        "abc, abcd, false",
        "abc, ab, false",
        "'', '', true",
        "'', a, false",
        "*, '', true",
        "*, abc, true",
        "a*, abc, true",
        "*c, abc, true",
        "a*c, abbbc, true",
        "a*c, abcd, false",
        "a*b*c, aXbYbZc, true",
        "**, abc, true",
        "*a*a*, banana, true",
        "reg?, reg7, true",
        "reg?, reg, false",
        "reg?, reg77, false",
        "[a-c]x, bx, true",
        "[a-c]x, dx, false",
        "[^a-c]x, dx, true",
        "[^a-c]x, bx, false",
        "[abz]x, zx, true",
        "[a-cx-z]1, y1, true",
        "[a-], a, false",
        "[-a], a, false",
        "[], a, false",
        "[a, a, false",
        "[]a], a, false",
        "[^], a, false",
        "[z-a], m, false",
        "a], a], true",
        "'\\*', '*', true",
        "'\\*', a, false",
        "'a\\', a, false",
        "'[\\-]', '-', true",
        "'[\\]]', ']', true",
        "'[a\\', a, false",
        "*[, a, false",
        "us-*-[0-9], us-east-1, true",
        "us-*-[0-9], us-east-x, false"
    })
    void matchesAsGoDoes(String pattern, String text, boolean matches) {
        assertThat(GoGlob.of(pattern).map(compiled -> compiled.matches(text)).orElse(false))
                .isEqualTo(matches);
    }

    @Test
    void aHostilePatternTakesNoTime() {
        GoGlob pattern = GoGlob.of("*a".repeat(2_000) + "b").orElseThrow();
        assertThat(pattern.matches("a".repeat(5_000))).isFalse();
    }
}
