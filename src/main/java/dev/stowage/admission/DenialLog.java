package dev.stowage.admission;

import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.image.Printable;
import dev.stowage.policy.Mode;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Logs one line for each denial, and for each object that was not checked, with named fields. Values that tenants choose are escaped. */
public final class DenialLog implements AdmissionObserver {

    private static final System.Logger LOG = System.getLogger("dev.stowage.denials");

    private final Consumer<String> lines;

    /** Writes to the logger {@code dev.stowage.denials}. */
    public DenialLog() {
        this(line -> LOG.log(System.Logger.Level.INFO, line));
    }

    /** Writes to this consumer, without line ends. */
    public DenialLog(Consumer<String> lines) {
        this.lines = Objects.requireNonNull(lines, "lines");
    }

    @Override
    public void answered(AdmissionEvent event) {
        if (event.decision() == Decision.DENIED || event.decision() == Decision.UNCHECKED) {
            lines.accept(line(event));
        }
    }

    private static String line(AdmissionEvent event) {
        return event.decision().label() + " kind=" + Printable.of(event.kind())
                + " namespace=" + Printable.of(event.namespace())
                + " name=" + Printable.of(event.name())
                + " user=" + quoted(event.user())
                + " dryRun=" + event.dryRun()
                + " mode=" + event.mode().map(Mode::value).orElse("")
                + " ms=" + event.duration().toMillis()
                + " message=" + quotedLines(event.message());
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
