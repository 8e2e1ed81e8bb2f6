package dev.stowage.admission;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes answers. */
final class ReviewWriter {

    private static final String JSON = "application/json";
    private static final int USUAL_SIZE = 256;

    /** Escaped, because a text that is half a surrogate pair cannot be written otherwise. */
    private final JsonFactory json =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** The answer to a review. */
    AdmissionAnswer answer(String uid, AdmissionResponse response) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(USUAL_SIZE);
        try (JsonGenerator out = json.createGenerator(body)) {
            out.writeStartObject();
            out.writeStringField("apiVersion", "admission.k8s.io/v1");
            out.writeStringField("kind", "AdmissionReview");
            out.writeObjectFieldStart("response");
            out.writeStringField("uid", uid);
            out.writeBooleanField("allowed", response.denial().isEmpty());
            if (response.denial().isPresent()) {
                out.writeObjectFieldStart("status");
                out.writeStringField("status", "Failure");
                out.writeStringField("message", response.denial().get());
                out.writeStringField("reason", "Forbidden");
                out.writeNumberField("code", 403);
                out.writeEndObject();
            }
            if (!response.warnings().isEmpty()) {
                out.writeArrayFieldStart("warnings");
                for (String warning : response.warnings()) {
                    out.writeString(warning);
                }
                out.writeEndArray();
            }
            if (!response.auditAnnotations().isEmpty()) {
                out.writeObjectFieldStart("auditAnnotations");
                for (Map.Entry<String, String> annotation :
                        response.auditAnnotations().entrySet()) {
                    out.writeStringField(annotation.getKey(), annotation.getValue());
                }
                out.writeEndObject();
            }
            out.writeEndObject();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return new AdmissionAnswer(200, JSON, body.toByteArray());
    }

    /** The answer to what is not a review. */
    AdmissionAnswer invalid(String sentence) {
        return new AdmissionAnswer(
                400, "text/plain; charset=utf-8", (sentence + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
