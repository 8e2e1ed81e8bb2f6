package dev.stowage.registry.credentials.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Durations as Go's time.ParseDuration reads them")
class GoDurationTest {

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "0, PT0S",
        "0s, PT0S",
        "-0, PT0S",
        "12h, PT12H",
        "1h15m30.918s, PT1H15M30.918S",
        "5m30s, PT5M30S",
        "1.5h, PT1H30M",
        ".5s, PT0.5S",
        "5.s, PT5S",
        "100ms, PT0.1S",
        "10us, PT0.00001S",
        "10µs, PT0.00001S",
        "3ns, PT0.000000003S",
        "0.1ns, PT0S",
        "+1m, PT1M",
        "-1m30s, PT-1M-30S",
        "9223372036854775807ns, PT2562047H47M16.854775807S"
    })
    void areRead(String text, Duration expected) {
        assertThat(GoDuration.parse(text)).contains(expected);
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "",
                "3",
                "-",
                "s",
                ".",
                "-.",
                ".s",
                "+.s",
                "1d",
                "1h 5m",
                " 1h",
                "1H",
                "1e3s",
                "--1s",
                "PT1H",
                "9223372036854775808ns",
                "99999999999999999999h",
                "1h1",
                "1111111111111111111111111111111111111111111111111111111111111111111s"
            })
    void areRefused(String text) {
        assertThat(GoDuration.parse(text)).isEmpty();
    }
}
