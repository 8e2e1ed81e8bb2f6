package dev.stowage.registry.resilience;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Reads {@code Retry-After} (RFC 9110, 10.2.3): seconds or a date. What is absurd is bounded, what is missing assumed. */
public final class RetryAfter {

    static final Duration DEFAULT = Duration.ofSeconds(10);
    static final Duration MIN = Duration.ofSeconds(1);
    static final Duration MAX = Duration.ofMinutes(5);

    private RetryAfter() {}

    /**
     * The pause of a host: between one second and five minutes, ten seconds where it does not say.
     *
     * @param header the header's value, empty for none
     * @param clock the wall clock, for dates
     */
    public static Duration parse(String header, Clock clock) {
        String text = header.trim();
        if (text.matches("[0-9]+")) {
            return bounded(text.length() > 9 ? MAX : Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return bounded(Duration.between(clock.instant(), date));
        } catch (DateTimeException | ArithmeticException e) {
            return DEFAULT;
        }
    }

    private static Duration bounded(Duration time) {
        if (time.compareTo(MIN) < 0) {
            return MIN;
        }
        return time.compareTo(MAX) > 0 ? MAX : time;
    }
}
