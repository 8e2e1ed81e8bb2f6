package dev.stowage.admission;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.admission.AdmissionRequest.Operation;
import dev.stowage.image.Printable;
import dev.stowage.policy.Requester;
import dev.stowage.workload.WorkloadReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads an AdmissionReview in one pass and keeps only the fields that are needed. Of a repeated field the last counts, as in Go.
 */
final class ReviewReader {

    private static final String VERSION = "admission.k8s.io/v1";

    /** The API server accepts objects of up to 3 MiB; a review contains two, and escapes may double a string. */
    private static final int LONGEST_TEXT = 8 << 20;

    private static final int DEEPEST = 500;

    private final WorkloadReader workloads;
    private final JsonFactory json = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(LONGEST_TEXT)
                    .build())
            .build();

    ReviewReader(WorkloadReader workloads) {
        this.workloads = workloads;
    }

    AdmissionRequest read(byte[] body) throws InvalidReviewException {
        if (body.length == 0) {
            throw new InvalidReviewException("The body is empty; an AdmissionReview is expected.");
        }
        Draft draft = new Draft();
        try (JsonParser parser = json.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new InvalidReviewException("The body is not a JSON object; an AdmissionReview is expected.");
            }
            review(parser, draft);
            if (parser.nextToken() != null) {
                throw new InvalidReviewException("There is more after the AdmissionReview in the body.");
            }
        } catch (JsonProcessingException e) {
            // the parser's own message quotes the body
            String where = e.getLocation() == null
                    ? ""
                    : " (line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")";
            throw new InvalidReviewException("The body is not valid JSON" + where + ".");
        } catch (IOException e) {
            throw new InvalidReviewException("The body cannot be read.");
        }
        return draft.request();
    }

    private void review(JsonParser parser, Draft draft) throws IOException, InvalidReviewException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            switch (name) {
                case "apiVersion" -> draft.apiVersion = text(parser, value, name);
                case "kind" -> draft.reviewKind = text(parser, value, name);
                case "request" -> {
                    if (isObject(parser, value, name)) {
                        draft.hasRequest = true;
                        request(parser, draft);
                    }
                }
                default -> parser.skipChildren();
            }
        }
    }

    private void request(JsonParser parser, Draft draft) throws IOException, InvalidReviewException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            switch (name) {
                case "uid" -> draft.uid = text(parser, value, "request.uid");
                case "subResource" -> draft.subResource = text(parser, value, "request.subResource");
                case "operation" -> draft.operation = text(parser, value, "request.operation");
                case "namespace" -> draft.namespace = text(parser, value, "request.namespace");
                case "name" -> draft.name = text(parser, value, "request.name");
                case "dryRun" -> draft.dryRun = flag(parser, value, "request.dryRun");
                case "kind" -> kind(parser, value, draft);
                case "userInfo" -> user(parser, value, draft);
                case "object" -> draft.object = object(parser, value, "request.object");
                case "oldObject" -> draft.oldObject = object(parser, value, "request.oldObject");
                default -> parser.skipChildren();
            }
        }
    }

    private void kind(JsonParser parser, JsonToken value, Draft draft) throws IOException, InvalidReviewException {
        if (!isObject(parser, value, "request.kind")) {
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

    private void user(JsonParser parser, JsonToken value, Draft draft) throws IOException, InvalidReviewException {
        if (!isObject(parser, value, "request.userInfo")) {
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

    private Optional<JsonNode> object(JsonParser parser, JsonToken value, String path)
            throws IOException, InvalidReviewException {
        return isObject(parser, value, path) ? Optional.of(workloads.readNeeded(parser)) : Optional.empty();
    }

    /** Whether the value is an object rather than null. */
    private static boolean isObject(JsonParser parser, JsonToken value, String path) throws InvalidReviewException {
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
            texts.add(text(parser, item, path));
        }
        return texts;
    }

    private static boolean flag(JsonParser parser, JsonToken value, String path) throws InvalidReviewException {
        return switch (value) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw new InvalidReviewException(path + " of the AdmissionReview is not true or false.");
        };
    }

    /** The fields read so far, in any order. */
    private static final class Draft {

        private String apiVersion = "";
        private String reviewKind = "";
        private boolean hasRequest;
        private String uid = "";
        private String kind = "";
        private String subResource = "";
        private String operation = "";
        private String namespace = "";
        private String name = "";
        private String user = "";
        private List<String> groups = List.of();
        private boolean dryRun;
        private Optional<JsonNode> object = Optional.empty();
        private Optional<JsonNode> oldObject = Optional.empty();

        AdmissionRequest request() throws InvalidReviewException {
            if (!reviewKind.equals("AdmissionReview")) {
                throw new InvalidReviewException(
                        "The body is of kind \"" + Printable.of(reviewKind) + "\", not AdmissionReview.");
            }
            if (!apiVersion.equals(VERSION)) {
                throw new InvalidReviewException("The AdmissionReview is of version \"" + Printable.of(apiVersion)
                        + "\"; Stowage supports " + VERSION + " (admissionReviewVersions: [v1]).");
            }
            if (!hasRequest) {
                throw new InvalidReviewException("The AdmissionReview has no request.");
            }
            if (uid.isEmpty()) {
                throw new InvalidReviewException("The AdmissionReview's request has no uid.");
            }
            Operation known = operation();
            boolean needsObject = known == Operation.CREATE || known == Operation.UPDATE;
            if (needsObject && object.isEmpty()) {
                throw new InvalidReviewException(
                        "The AdmissionReview's request " + Printable.of(uid) + " has no object to " + known + ".");
            }
            return new AdmissionRequest(
                    uid,
                    kind,
                    subResource,
                    known,
                    namespace,
                    name,
                    new Requester(user, groups),
                    dryRun,
                    object,
                    oldObject);
        }

        private Operation operation() throws InvalidReviewException {
            for (Operation known : Operation.values()) {
                if (known.name().equals(operation)) {
                    return known;
                }
            }
            throw new InvalidReviewException("The AdmissionReview's operation is \"" + Printable.of(operation)
                    + "\", not CREATE, UPDATE, DELETE or CONNECT.");
        }
    }
}
