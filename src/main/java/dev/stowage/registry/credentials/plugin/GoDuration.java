package dev.stowage.registry.credentials.plugin;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A duration as Go's {@code time.ParseDuration} reads it: {@code 12h}, {@code 1h30m}, {@code 1.5s}, {@code 0}. */
final class GoDuration {

    private static final int MAX_LENGTH = 64;
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");
    private static final BigInteger LONGEST = BigInteger.valueOf(Long.MAX_VALUE);

    private GoDuration() {}

    /** Reads a duration; nothing when the text is none, and when it is longer than Go's longest, some 292 years. */
    static Optional<Duration> parse(String text) {
        boolean signed = text.startsWith("-") || text.startsWith("+");
        String parts = signed ? text.substring(1) : text;
        if (parts.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        Matcher part = PART.matcher(parts);
        BigDecimal nanos = BigDecimal.ZERO;
        int end = 0;
        while (end < parts.length() && parts.length() <= MAX_LENGTH && part.find(end) && part.start() == end) {
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(nanosOf(part.group(2))));
            end = part.end();
        }
        BigInteger whole = nanos.setScale(0, RoundingMode.DOWN).toBigInteger();
        if (parts.isEmpty() || end < parts.length() || whole.compareTo(LONGEST) > 0) {
            return Optional.empty();
        }
        Duration duration = Duration.ofNanos(whole.longValueExact());
        return Optional.of(text.startsWith("-") ? duration.negated() : duration);
    }

    private static BigDecimal nanosOf(String unit) {
        return BigDecimal.valueOf(
                switch (unit) {
                    case "ns" -> 1;
                    case "ms" -> 1_000_000;
                    case "s" -> 1_000_000_000;
                    case "m" -> 60_000_000_000L;
                    case "h" -> 3_600_000_000_000L;
                    default -> 1_000;
                });
    }
}
