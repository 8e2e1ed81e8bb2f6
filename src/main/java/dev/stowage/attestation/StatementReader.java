package dev.stowage.attestation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.stowage.image.Digest;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads in-toto statements from files, as BuildKit writes them or in an envelope: DSSE ({@code secure-systems-lab/dsse}, {@code envelope.md}),
 * alone or in a Sigstore bundle. Files are streamed, however large; texts and numbers of fields beyond reason are refused.
 */
public final class StatementReader {

    private static final int MAX_TEXT = 256 * 1024;
    private static final int MAX_DEPTH = 200;

    private final JsonFactory json = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_TEXT)
                    .build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    /** What stands around the predicate. */
    private static final class Head {
        private boolean isStatement;
        private boolean isEnvelope;
        private String predicateType = "";
        private final List<Digest> subjects = new ArrayList<>();
    }

    /**
     * Reads a statement, out of its envelope if it is in one.
     *
     * @param file the layer of an attestation; a decoded envelope is written next to it
     * @throws InvalidStatementException when it is none
     * @throws IOException when the file cannot be read, or a decoded envelope cannot be written
     */
    public Statement read(Path file) throws IOException {
        Head head = head(file);
        if (!head.isEnvelope) {
            return statement(file, head);
        }
        Path payload = Files.createTempFile(file.toAbsolutePath().getParent(), "payload", ".json");
        try {
            decode(file, payload);
            Head within = head(payload);
            if (within.isEnvelope) {
                throw new InvalidStatementException("it is an envelope in an envelope");
            }
            return statement(payload, within);
        } finally {
            Files.delete(payload);
        }
    }

    private Statement statement(Path file, Head head) throws IOException {
        if (!head.isStatement) {
            throw new InvalidStatementException("it is not an in-toto statement: it has no predicate");
        }
        Predicate predicate = parse(file, parser -> predicate(parser, head.predicateType));
        return new Statement(head.predicateType, head.subjects, predicate);
    }

    /** The predicate may stand before its type, so this is a first reading of the file. */
    private Head head(Path file) throws IOException {
        return parse(file, parser -> {
            Head head = new Head();
            JsonStream.fields(parser, name -> {
                switch (name) {
                    case "predicateType" -> head.predicateType = JsonStream.text(parser);
                    case "predicate" -> {
                        head.isStatement = true;
                        parser.skipChildren();
                    }
                    case "subject" -> JsonStream.objects(parser, () -> subject(parser, head.subjects));
                    case "payload", "dsseEnvelope" -> {
                        head.isEnvelope = true;
                        parser.skipChildren();
                    }
                    default -> parser.skipChildren();
                }
            });
            return head;
        });
    }

    private static void subject(JsonParser parser, List<Digest> subjects) throws IOException {
        JsonStream.fields(parser, name -> {
            if (!name.equals("digest") || parser.currentToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                return;
            }
            JsonStream.fields(parser, algorithm -> {
                Optional<Digest> digest = Digest.parse(algorithm + ":" + JsonStream.text(parser));
                if (digest.isPresent() && subjects.size() < Statement.MAX_SUBJECTS) {
                    subjects.add(digest.get());
                }
            });
        });
    }

    private static Predicate predicate(JsonParser parser, String type) throws IOException {
        Predicate[] found = {new UnknownPredicate()};
        JsonStream.fields(parser, name -> {
            if (!name.equals("predicate") || parser.currentToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
            } else if (type.startsWith("https://slsa.dev/provenance/")) {
                found[0] = new ProvenanceReader(parser).read();
            } else if (type.startsWith("https://spdx.dev/Document")) {
                found[0] = new SbomReader(parser).spdx();
            } else if (type.startsWith("https://cyclonedx.org/bom")) {
                found[0] = new SbomReader(parser).cycloneDx();
            } else {
                parser.skipChildren();
            }
        });
        return found[0];
    }

    private void decode(Path envelope, Path payload) throws IOException {
        boolean written = parse(envelope, parser -> payload(parser, payload));
        if (!written) {
            throw new InvalidStatementException("its envelope has no payload, as one that signs a digest alone");
        }
    }

    private static boolean payload(JsonParser parser, Path target) throws IOException {
        boolean[] written = {false};
        JsonStream.fields(parser, name -> {
            if (name.equals("dsseEnvelope") && parser.currentToken() == JsonToken.START_OBJECT) {
                written[0] |= payload(parser, target);
            } else if (name.equals("payload") && parser.currentToken() == JsonToken.VALUE_STRING) {
                try (OutputStream out = Files.newOutputStream(target)) {
                    parser.readBinaryValue(out);
                } catch (IllegalArgumentException e) {
                    throw new InvalidStatementException("its envelope's payload is not base64");
                }
                written[0] = true;
            } else {
                parser.skipChildren();
            }
        });
        return written[0];
    }

    @FunctionalInterface
    private interface Reading<T> {
        T of(JsonParser parser) throws IOException, InvalidStatementException;
    }

    private <T> T parse(Path file, Reading<T> reading) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                JsonParser parser = json.createParser(in)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new InvalidStatementException("it is not a JSON object");
            }
            return reading.of(parser);
        } catch (StreamConstraintsException e) {
            throw new InvalidStatementException(
                    "it has texts of more than " + MAX_TEXT + " characters or more than " + MAX_DEPTH + " levels");
        } catch (JsonProcessingException e) {
            throw new InvalidStatementException("it is not valid JSON"
                    + (e.getLocation() == null
                            ? ""
                            : " (at byte " + e.getLocation().getByteOffset() + ")"));
        } catch (CharConversionException e) {
            throw new InvalidStatementException("it is not JSON in a valid encoding");
        }
    }
}
