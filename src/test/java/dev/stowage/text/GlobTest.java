package dev.stowage.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

    @ParameterizedTest
    @CsvSource({
        "team-a, team-a, true",
        "team-a, team-ab, false",
        "team-*, team-, true",
        "team-*, a-team-b, false",
        "*.example.com, reg.example.com, true",
        "*.example.com, reg.exampleXcom, false",
        "*.example.com:50*, reg.example.com:5000, true",
        "reg/*/app, reg/a/b/app, true",
        "a?c, abc, true",
        "a?c, ac, false",
        "*a*b*, xxaxxbxx, true",
        "*a*b*, xxbxxaxx, false",
        "**, anything, true",
        "abc, abcd, false",
        "a*c, abbbc, true",
        "a*c, abbbcd, false",
        "*, anything, true",
        "*b*, abc, true",
        "a.c, abc, false",
        "*a*a*b, aaaaaaaac, false",
    })
    void matchesTheWholeText(String pattern, String text, boolean matches) {
        assertThat(new Glob(pattern).matches(text)).isEqualTo(matches);
    }

    @Test
    void anEmptyPatternIsRejected() {
        assertThatThrownBy(() -> new Glob(" ")).isInstanceOf(IllegalArgumentException.class);
    }
}
