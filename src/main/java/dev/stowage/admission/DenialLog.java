package dev.stowage.admission;

import dev.stowage.admission.AdmissionOutcome.Decision;
import dev.stowage.image.Printable;
import dev.stowage.policy.Mode;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One line a denial, with named fields, and nothing about anything else. What tenants chose is escaped. */
public final class DenialLog implements AdmissionObserver {

    private static final System.Logger LOG = System.getLogger("dev.stowage.denials");

    private final Consumer<String> lines;

    /** Writes to the logger {@code dev.stowage.denials}. */
    public DenialLog() {
        this(line -> LOG.log(System.Logger.Level.INFO, line));
    }

    /** Hands the lines to this, without line ends. */
    public DenialLog(Consumer<String> lines) {
        this.lines = Objects.requireNonNull(lines, "lines");
    }

    @Override
    public void answered(AdmissionOutcome outcome) {
        if (outcome.decision() == Decision.DENIED) {
            lines.accept(line(outcome));
        }
    }

    private static String line(AdmissionOutcome outcome) {
        return "denied kind=" + Printable.of(outcome.kind())
                + " namespace=" + Printable.of(outcome.namespace())
                + " name=" + Printable.of(outcome.name())
                + " user=" + quoted(outcome.user())
                + " dryRun=" + outcome.dryRun()
                + " mode=" + outcome.mode().map(Mode::value).orElse("")
                + " ms=" + outcome.took().toMillis()
                + " message=" + quotedLines(outcome.message());
    }

    private static String quoted(String text) {
        return "\"" + escaped(text) + "\"";
    }

    private static String quotedLines(String message) {
        return message.lines().map(line -> escaped(line.strip())).collect(Collectors.joining("; ", "\"", "\""));
    }

    private static String escaped(String text) {
        return Printable.of(text).replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
