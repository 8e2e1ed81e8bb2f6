package dev.stowage.admission;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.stowage.image.Printable;
import dev.stowage.workload.ReducedObject;
import dev.stowage.workload.WorkloadReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads an AdmissionReview in one pass, as it arrives, and keeps only the fields that are needed, up to the review's budget. Of a
 * repeated field the last counts, as in Go. Once the request's uid is known, a review is always answered: the API server takes an HTTP
 * error for a failed webhook, which by its {@code failurePolicy} usually admits the object.
 */
final class ReviewReader {

    /** Nothing that the API server stores is deeper: its own JSON decoder stops at 10,000 levels. */
    private static final int DEEPEST = 20_000;

    /** Names that are skipped count, too; the API server takes objects of 3 MiB. */
    private static final int LONGEST_TEXT = 32 << 20;

    private static final int MOST_GROUPS = 1_000;

    /** Opens a parser of a review. */
    private interface ParserSource {
        JsonParser open() throws IOException;
    }

    private final WorkloadReader workloads;

    /**
     * Without a table of field names: names that a tenant chooses would fill it, and names of equal hash codes make it slow or fail.
     */
    private final JsonFactory json = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(LONGEST_TEXT)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    ReviewReader(WorkloadReader workloads) {
        this.workloads = workloads;
    }

    /**
     * Reads one review.
     *
     * @param body the AdmissionReview; it is read to its end or to the first error, and not closed
     * @throws InvalidReviewException if the body is not an AdmissionReview with a uid
     */
    AdmissionRequest read(InputStream body) throws InvalidReviewException {
        return read(() -> json.createParser(body));
    }

    /**
     * Reads one review that is in memory, which takes less than a stream: a decoder of one has a buffer of its own.
     *
     * @param body the AdmissionReview
     * @throws InvalidReviewException if the body is not an AdmissionReview with a uid
     */
    AdmissionRequest read(String body) throws InvalidReviewException {
        return read(() -> json.createParser(body));
    }

    private AdmissionRequest read(ParserSource source) throws InvalidReviewException {
        ReviewDraft draft = new ReviewDraft();
        try (JsonParser parser = source.open()) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new InvalidReviewException("The body is empty; an AdmissionReview is expected.");
            }
            if (first != JsonToken.START_OBJECT) {
                throw new InvalidReviewException("The body is not a JSON object; an AdmissionReview is expected.");
            }
            review(parser, draft);
            if (parser.nextToken() != null) {
                throw new InvalidReviewException("There is more after the AdmissionReview in the body.");
            }
        } catch (InvalidReviewException e) {
            draft.fails(e);
        } catch (StreamConstraintsException e) {
            draft.fails(new InvalidReviewException("The body is nested more than " + DEEPEST
                    + " levels deep, or a string in it has more than " + LONGEST_TEXT + " characters."));
        } catch (JsonProcessingException e) {
            // the parser's own message quotes the body
            String where = e.getLocation() == null
                    ? ""
                    : " (line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")";
            draft.fails(new InvalidReviewException("The body is not valid JSON" + where + "."));
        } catch (IOException e) {
            draft.fails(new InvalidReviewException("The body cannot be read."));
        }
        return draft.request();
    }

    private void review(JsonParser parser, ReviewDraft draft) throws IOException, InvalidReviewException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            switch (name) {
                case "apiVersion" -> draft.apiVersion = text(parser, value, name);
                case "kind" -> draft.reviewKind = text(parser, value, name);
                case "request" -> {
                    if (isObject(value, name)) {
                        draft.hasRequest = true;
                        request(parser, draft);
                    }
                }
                default -> parser.skipChildren();
            }
        }
    }

    private void request(JsonParser parser, ReviewDraft draft) throws IOException, InvalidReviewException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            switch (name) {
                case "uid" -> draft.uid = text(parser, value, "request.uid");
                case "subResource" -> draft.subResource = text(parser, value, "request.subResource");
                case "operation" -> draft.operation = text(parser, value, "request.operation");
                case "namespace" -> draft.namespace = text(parser, value, "request.namespace");
                case "name" -> draft.name = text(parser, value, "request.name");
                case "dryRun" -> draft.dryRun = flag(value, "request.dryRun");
                case "kind" -> kind(parser, value, draft);
                case "userInfo" -> user(parser, value, draft);
                case "object" -> draft.object = object(parser, value, "request.object");
                case "oldObject" -> draft.oldObject = object(parser, value, "request.oldObject");
                default -> parser.skipChildren();
            }
        }
    }

    private void kind(JsonParser parser, JsonToken value, ReviewDraft draft)
            throws IOException, InvalidReviewException {
        if (!isObject(value, "request.kind")) {
            return;
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken inner = parser.nextToken();
            if (name.equals("kind")) {
                draft.kind = text(parser, inner, "request.kind.kind");
            } else {
                parser.skipChildren();
            }
        }
    }

    private void user(JsonParser parser, JsonToken value, ReviewDraft draft)
            throws IOException, InvalidReviewException {
        if (!isObject(value, "request.userInfo")) {
            return;
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken inner = parser.nextToken();
            switch (name) {
                case "username" -> draft.user = text(parser, inner, "request.userInfo.username");
                case "groups" -> draft.groups = texts(parser, inner, "request.userInfo.groups");
                default -> parser.skipChildren();
            }
        }
    }

    private Optional<ReducedObject> object(JsonParser parser, JsonToken value, String path)
            throws IOException, InvalidReviewException {
        return isObject(value, path) ? Optional.of(workloads.reduce(parser)) : Optional.empty();
    }

    /** Whether the value is an object rather than null. */
    private static boolean isObject(JsonToken value, String path) throws InvalidReviewException {
        if (value != JsonToken.START_OBJECT && value != JsonToken.VALUE_NULL) {
            throw new InvalidReviewException(Printable.of(path) + " of the AdmissionReview is not an object.");
        }
        return value == JsonToken.START_OBJECT;
    }

    private static String text(JsonParser parser, JsonToken value, String path)
            throws IOException, InvalidReviewException {
        if (value == JsonToken.VALUE_NULL) {
            return "";
        }
        if (value != JsonToken.VALUE_STRING) {
            throw new InvalidReviewException(Printable.of(path) + " of the AdmissionReview is not a string.");
        }
        return parser.getText();
    }

    private static List<String> texts(JsonParser parser, JsonToken value, String path)
            throws IOException, InvalidReviewException {
        List<String> texts = new ArrayList<>();
        if (value == JsonToken.VALUE_NULL) {
            return texts;
        }
        if (value != JsonToken.START_ARRAY) {
            throw new InvalidReviewException(path + " of the AdmissionReview is not a list.");
        }
        for (JsonToken item = parser.nextToken(); item != JsonToken.END_ARRAY; item = parser.nextToken()) {
            if (texts.size() == MOST_GROUPS) {
                throw new InvalidReviewException(
                        path + " of the AdmissionReview has more than " + MOST_GROUPS + " items.");
            }
            texts.add(text(parser, item, path));
        }
        return texts;
    }

    private static boolean flag(JsonToken value, String path) throws InvalidReviewException {
        return switch (value) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw new InvalidReviewException(path + " of the AdmissionReview is not true or false.");
        };
    }
}
