package dev.stowage.cli.output;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stowage.cli.output.TextTable.Colour;
import dev.stowage.image.Digest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Locale;

/** The forms in which {@code stowage inspect} says what it found; the constants are the values of {@code -o}. */
public enum InspectFormat {
    /** For people. */
    TABLE {
        @Override
        public void write(Inspection inspection, Terminal terminal) {
            PrintWriter out = terminal.out();
            out.println(inspection.reference());
            out.println(inspection.kind() + " " + inspection.mediaType()
                    + inspection.digest().map(digest -> " " + digest).orElse(""));
            out.println();
            entries(inspection, terminal);
            inspection.attestations().ifPresent(found -> new AttestationText(terminal).write(found));
            views(inspection, terminal);
            out.flush();
        }
    },
    /** A JSON object; its form is an interface, see docs/cli.md. */
    JSON {
        @Override
        public void write(Inspection inspection, Terminal terminal) {
            try (JsonGenerator json = CheckJson.generator(terminal.out())) {
                json(inspection, json);
            } catch (IOException e) {
                throw new UncheckedIOException("a print writer keeps its errors to itself", e);
            }
            CheckFormat.end(terminal.out());
        }
    };

    private static final int WIDE = 150;
    private static final int READABLE = 100;

    /** Writes what was found to standard output, whole. */
    public abstract void write(Inspection inspection, Terminal terminal);

    private static void entries(Inspection inspection, Terminal terminal) {
        if (inspection.entries().isEmpty()) {
            terminal.out().println("It has no entries.");
            return;
        }
        boolean wide = terminal.width() >= WIDE;
        TextTable table = new TextTable(3, "PLATFORM", "DIGEST", "SIZE", "KIND", "MEDIA TYPE");
        for (Inspection.Entry entry : inspection.entries()) {
            table.row(
                    "image".equals(entry.kind()) ? Colour.GREEN : Colour.YELLOW,
                    entry.platform().isEmpty() ? "-" : entry.platform(),
                    wide ? entry.digest().toString() : entry.digest().abbreviated(),
                    entry.size().isPresent() ? Long.toString(entry.size().getAsLong()) : "-",
                    entry.kind(),
                    entry.mediaType());
            if (!entry.remark().isEmpty()) {
                table.remark(entry.remark());
            }
        }
        table.lines(terminal.width(), terminal.colours()).forEach(terminal.out()::println);
    }

    private static void views(Inspection inspection, Terminal terminal) {
        for (Inspection.View view : inspection.views()) {
            paragraph(view.who(), view.works() ? ": works" : ": does not work", view.says(), terminal);
        }
        inspection.buildFlags().ifPresent(flags -> paragraph("build flags", ":", flags, terminal));
    }

    private static void paragraph(String heading, String outcome, String text, Terminal terminal) {
        int width = Math.min(terminal.width(), READABLE) - 2;
        terminal.out().println();
        terminal.out().println((terminal.colours() ? Colour.BOLD.paint(heading) : heading) + outcome);
        TextTable.wrap(text, width).forEach(line -> terminal.out().println("  " + line));
    }

    private static void json(Inspection inspection, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("image", inspection.image());
        json.writeStringField("reference", inspection.reference());
        json.writeStringField(
                "digest", inspection.digest().map(Digest::toString).orElse(null));
        json.writeStringField("mediaType", inspection.mediaType());
        json.writeStringField("kind", inspection.kind());
        json.writeArrayFieldStart("entries");
        for (Inspection.Entry entry : inspection.entries()) {
            entry(entry, json);
        }
        json.writeEndArray();
        if (inspection.attestations().isPresent()) {
            AttestationJson.write(inspection.attestations().get(), json);
        }
        if (!inspection.views().isEmpty()) {
            json.writeArrayFieldStart("explanation");
            for (Inspection.View view : inspection.views()) {
                json.writeStartObject();
                json.writeStringField("client", view.who());
                json.writeBooleanField("works", view.works());
                json.writeStringField("message", view.says());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        if (inspection.buildFlags().isPresent()) {
            json.writeStringField("buildFlags", inspection.buildFlags().get());
        }
        json.writeEndObject();
    }

    private static void entry(Inspection.Entry entry, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("platform", entry.platform().isEmpty() ? null : entry.platform());
        json.writeStringField("digest", entry.digest().toString());
        if (entry.size().isPresent()) {
            json.writeNumberField("size", entry.size().getAsLong());
        } else {
            json.writeNullField("size");
        }
        json.writeStringField("kind", entry.kind());
        json.writeStringField("mediaType", entry.mediaType());
        json.writeStringField("artifactType", entry.artifactType().isEmpty() ? null : entry.artifactType());
        json.writeStringField("subject", entry.subject().map(Digest::toString).orElse(null));
        json.writeEndObject();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
