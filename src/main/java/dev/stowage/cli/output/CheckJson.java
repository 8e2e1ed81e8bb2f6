package dev.stowage.cli.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** The JSON of {@code stowage check -o json}; its form is an interface, see docs/cli.md. */
final class CheckJson {

    private CheckJson() {}

    /** Writes the parts of an array. */
    private interface Items {
        void write(JsonGenerator json) throws IOException;
    }

    static void write(List<ImageCheck> checks, PrintWriter out) {
        array(out, json -> {
            for (ImageCheck check : checks) {
                json.writeStartObject();
                result(json, check);
                json.writeEndObject();
            }
        });
    }

    /** A workload that no node is eligible for has no result, and an object without image and verdict. */
    static void writeExplained(List<Explanation> explanations, PrintWriter out) {
        array(out, json -> {
            ExplanationJson fields = new ExplanationJson(json);
            for (Explanation explanation : explanations) {
                for (ImageCheck check : explanation.checks()) {
                    json.writeStartObject();
                    result(json, check);
                    fields.write(check, explanation);
                    json.writeEndObject();
                }
                if (explanation.checks().isEmpty() && explanation.workload().isPresent()) {
                    json.writeStartObject();
                    for (String absent : List.of("image", "platform", "verdict", "reason")) {
                        json.writeNullField(absent);
                    }
                    json.writeStringField("message", "");
                    json.writeFieldName("source");
                    source(json, explanation.workload().get());
                    fields.explanation(explanation);
                    json.writeEndObject();
                }
            }
        });
    }

    private static void array(PrintWriter out, Items items) {
        try (JsonGenerator json = generator(out)) {
            json.writeStartArray();
            items.write(json);
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException("a print writer keeps its errors to itself", e);
        }
        CheckFormat.end(out);
    }

    private static void result(JsonGenerator json, ImageCheck check) throws IOException {
        json.writeStringField("image", check.image());
        json.writeStringField("platform", check.platform());
        json.writeStringField("verdict", check.verdict().label());
        json.writeStringField("reason", check.verdict().reason().label());
        json.writeStringField("message", check.verdict().message());
        json.writeFieldName("source");
        if (check.source().isPresent()) {
            source(json, check.source().get());
        } else {
            json.writeNull();
        }
    }

    private static void source(JsonGenerator json, ImageCheck.Source source) throws IOException {
        json.writeStartObject();
        json.writeStringField("kind", source.kind());
        json.writeStringField("name", source.name());
        json.writeStringField("namespace", source.namespace());
        json.writeStringField("container", source.container());
        if (!source.path().isEmpty()) {
            json.writeStringField("path", source.path());
        }
        json.writeEndObject();
    }

    /** A generator of indented JSON that leaves the writer open. */
    static JsonGenerator generator(PrintWriter out) throws IOException {
        return JsonFactory.builder()
                .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
                .build()
                .createGenerator(out)
                .useDefaultPrettyPrinter();
    }
}
