package dev.stowage.cli.output;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * SARIF 2.1.0 (OASIS): a rule for each class of reasons, a result for each image and platform that does not run (error), is
 * undetermined (warning) or runs with a warning (note). Results are placed at the image's line of the manifest's file.
 */
final class SarifLog {

    private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

    private final JsonGenerator json;

    private SarifLog(JsonGenerator json) {
        this.json = json;
    }

    static void write(List<ImageCheck> checks, PrintWriter out, String version) {
        List<ImageCheck> results = checks.stream()
                .filter(check -> !check.verdict().message().isEmpty() || !(check.verdict() instanceof Verdict.Runs))
                .toList();
        try (JsonGenerator json = CheckJson.generator(out)) {
            new SarifLog(json).log(results, version);
        } catch (IOException e) {
            throw new UncheckedIOException("a print writer keeps its errors to itself", e);
        }
        CheckFormat.end(out);
    }

    private void log(List<ImageCheck> results, String version) throws IOException {
        Set<Reason> reasons = new TreeSet<>();
        results.forEach(check -> reasons.add(check.verdict().reason()));
        List<Reason> rules = new ArrayList<>(reasons);
        json.writeStartObject();
        json.writeStringField("$schema", SCHEMA);
        json.writeStringField("version", "2.1.0");
        json.writeArrayFieldStart("runs");
        json.writeStartObject();
        tool(rules, version);
        json.writeStringField("columnKind", "utf16CodeUnits");
        json.writeArrayFieldStart("results");
        for (ImageCheck check : results) {
            result(check, rules.indexOf(check.verdict().reason()));
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    private void tool(List<Reason> rules, String version) throws IOException {
        json.writeObjectFieldStart("tool");
        json.writeObjectFieldStart("driver");
        json.writeStringField("name", "Stowage");
        json.writeStringField("version", version);
        json.writeArrayFieldStart("rules");
        for (Reason reason : rules) {
            json.writeStartObject();
            json.writeStringField("id", reason.label());
            text("shortDescription", inWords(reason));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    private void result(ImageCheck check, int rule) throws IOException {
        json.writeStartObject();
        json.writeStringField("ruleId", check.verdict().reason().label());
        json.writeNumberField("ruleIndex", rule);
        json.writeStringField("level", level(check.verdict()));
        text(
                "message",
                check.image() + " on " + check.platform() + ": "
                        + check.verdict().message());
        json.writeArrayFieldStart("locations");
        json.writeStartObject();
        if (check.source().isPresent()) {
            physicalLocation(check.source().get());
        }
        json.writeArrayFieldStart("logicalLocations");
        json.writeStartObject();
        json.writeStringField(
                "fullyQualifiedName",
                check.source()
                        .map(source -> source.workload() + "/" + (source.path().isEmpty() ? "" : source.path() + "/")
                                + source.container())
                        .orElse(check.image()));
        json.writeStringField("kind", check.source().isPresent() ? "object" : "resource");
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    /** Standard input has no URI, so results from it have only their logical place. */
    private void physicalLocation(ImageCheck.Source source) throws IOException {
        if ("-".equals(source.file())) {
            return;
        }
        json.writeObjectFieldStart("physicalLocation");
        json.writeObjectFieldStart("artifactLocation");
        json.writeStringField("uri", uri(source.file()));
        json.writeEndObject();
        json.writeObjectFieldStart("region");
        json.writeNumberField("startLine", source.line());
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Relative paths stay relative, as code hosts want them; absolute ones become {@code file:} URIs. */
    static String uri(String file) {
        Path path = Path.of(file);
        if (path.isAbsolute()) {
            return path.toUri().toString();
        }
        try {
            String text = path.normalize().toString().replace('\\', '/');
            return new URI(null, null, text.contains(":") ? "./" + text : text, null).toASCIIString();
        } catch (URISyntaxException e) {
            return path.toUri().toString();
        }
    }

    private void text(String field, String text) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeStringField("text", text);
        json.writeEndObject();
    }

    private static String level(Verdict verdict) {
        if (verdict instanceof Verdict.Runs) {
            return "note";
        }
        return verdict instanceof Verdict.DoesNotRun ? "error" : "warning";
    }

    /** {@code PlatformMissing} is "Platform missing". */
    private static String inWords(Reason reason) {
        String words = reason.label().replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
