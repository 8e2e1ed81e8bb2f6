package dev.stowage.cli.output;

import dev.stowage.image.Printable;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them on command lines: {@code 30s}, {@code 2m}, {@code 1m30s}, {@code 500ms}, {@code 45}. */
public final class Durations {

    private static final Pattern FORM =
            Pattern.compile("(?:(\\d{1,4})h)?(?:(\\d{1,6})m)?(?:(\\d{1,6})s?)?(?:(\\d{1,9})ms)?");

    private Durations() {}

    /** Reads a duration; bare numbers are seconds. */
    public static Duration parse(String text) {
        Matcher matcher = FORM.matcher(text);
        Duration duration = matcher.matches() && !text.isEmpty()
                ? Duration.ofHours(part(matcher, 1))
                        .plusMinutes(part(matcher, 2))
                        .plusSeconds(part(matcher, 3))
                        .plusMillis(part(matcher, 4))
                : Duration.ZERO;
        if (duration.isZero()) {
            throw new TypeConversionException(
                    "'" + Printable.of(text) + "' is not a valid duration above zero, such as 30s, 2m or 500ms");
        }
        return duration;
    }

    private static long part(Matcher matcher, int group) {
        return matcher.group(group) == null ? 0 : Long.parseLong(matcher.group(group));
    }
}
