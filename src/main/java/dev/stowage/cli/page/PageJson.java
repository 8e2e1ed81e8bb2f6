package dev.stowage.cli.page;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The data as JSON for the script. Rows and what they contain are arrays, in the order in which {@code model.js} names their items, and
 * texts that many rows share are numbers, the index in {@code texts}; so 10,000 images stay small. {@code <}, {@code >} and {@code &}
 * are escaped, so that nothing in it ends the script element, and so is everything that is not ASCII.
 */
final class PageJson {

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .characterEscapes(new MarkupEscapes())
            .build();

    private final JsonGenerator json;
    private final Map<String, Integer> texts = new LinkedHashMap<>();

    private PageJson(JsonGenerator json) {
        this.json = json;
    }

    static void write(PageData data, Writer out) throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            new PageJson(json).write(data);
        }
    }

    private void write(PageData data) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("platforms");
        for (String platform : data.platforms()) {
            json.writeString(platform);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("rows");
        for (PageRow row : data.rows()) {
            json.writeRaw('\n');
            row(row);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("texts");
        for (String text : texts.keySet()) {
            json.writeString(text);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void row(PageRow row) throws IOException {
        json.writeStartArray();
        json.writeString(row.image());
        json.writeString(row.digest());
        json.writeNumber(row.verdict().ordinal());
        shared(row.reason());
        shared(row.message());
        shared(row.fix());
        json.writeStartArray();
        for (String note : row.notes()) {
            json.writeString(note);
        }
        json.writeEndArray();
        json.writeStartArray();
        for (PageCell cell : row.cells()) {
            json.writeStartArray();
            json.writeNumber(cell.verdict().ordinal());
            shared(cell.reason());
            shared(cell.message());
            json.writeEndArray();
        }
        json.writeEndArray();
        uses(row);
        json.writeNumber(row.workloadsTotal());
        json.writeEndArray();
    }

    private void uses(PageRow row) throws IOException {
        json.writeStartArray();
        for (NamespaceUse use : row.uses()) {
            json.writeStartArray();
            shared(use.namespace());
            json.writeNumber(use.workloads());
            amount(use.cpuMillis());
            amount(use.memoryBytes());
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeStartArray();
        for (PageWorkload workload : row.workloads()) {
            json.writeStartArray();
            shared(workload.namespace());
            json.writeString(workload.name());
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    private void shared(String text) throws IOException {
        Integer known = texts.get(text);
        if (known == null) {
            known = texts.size();
            texts.put(text, known);
        }
        json.writeNumber(known);
    }

    private void amount(OptionalLong amount) throws IOException {
        if (amount.isPresent()) {
            json.writeNumber(amount.getAsLong());
        } else {
            json.writeNull();
        }
    }

    /** Escapes what would be markup. */
    private static final class MarkupEscapes extends CharacterEscapes {

        private static final long serialVersionUID = 1L;

        private final int[] codes = standardAsciiEscapesForJSON();

        MarkupEscapes() {
            for (char c : new char[] {'<', '>', '&'}) {
                codes[c] = ESCAPE_STANDARD;
            }
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return codes;
        }

        @Override
        public SerializableString getEscapeSequence(int ch) {
            return null;
        }
    }
}
