package dev.stowage.admission;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Writes the response to a request. */
final class ReviewWriter {

    private static final String JSON = "application/json";
    private static final int USUAL_SIZE = 256;

    /** Escaped, because half a surrogate pair cannot be written in UTF-8. */
    private final JsonFactory json =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** The AdmissionReview with the decision. */
    AdmissionResponse review(String uid, AdmissionDecision decision) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(USUAL_SIZE);
        try (JsonGenerator out = json.createGenerator(body)) {
            out.writeStartObject();
            out.writeStringField("apiVersion", "admission.k8s.io/v1");
            out.writeStringField("kind", "AdmissionReview");
            out.writeObjectFieldStart("response");
            out.writeStringField("uid", uid);
            out.writeBooleanField("allowed", decision.denial().isEmpty());
            if (decision.denial().isPresent()) {
                out.writeObjectFieldStart("status");
                out.writeStringField("status", "Failure");
                out.writeStringField("message", decision.denial().get());
                out.writeStringField("reason", "Forbidden");
                out.writeNumberField("code", 403);
                out.writeEndObject();
            }
            writeWarnings(out, decision.warnings());
            if (!decision.auditAnnotations().isEmpty()) {
                out.writeObjectFieldStart("auditAnnotations");
                for (Map.Entry<String, String> annotation :
                        decision.auditAnnotations().entrySet()) {
                    out.writeStringField(annotation.getKey(), annotation.getValue());
                }
                out.writeEndObject();
            }
            out.writeEndObject();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return new AdmissionResponse(200, JSON, body.toByteArray());
    }

    /** The AdmissionReview that admits a pod, with its patch. */
    AdmissionResponse steering(String uid, SteeringDecision decision) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(USUAL_SIZE);
        try (JsonGenerator out = json.createGenerator(body)) {
            out.writeStartObject();
            out.writeStringField("apiVersion", "admission.k8s.io/v1");
            out.writeStringField("kind", "AdmissionReview");
            out.writeObjectFieldStart("response");
            out.writeStringField("uid", uid);
            out.writeBooleanField("allowed", true);
            if (decision.patch().isPresent()) {
                out.writeStringField("patchType", "JSONPatch");
                out.writeBinaryField("patch", decision.patch().get().toString().getBytes(StandardCharsets.UTF_8));
            }
            writeWarnings(out, decision.warnings());
            out.writeEndObject();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return new AdmissionResponse(200, JSON, body.toByteArray());
    }

    private static void writeWarnings(JsonGenerator out, List<String> warnings) throws IOException {
        if (warnings.isEmpty()) {
            return;
        }
        out.writeArrayFieldStart("warnings");
        for (String warning : warnings) {
            out.writeString(warning);
        }
        out.writeEndArray();
    }

    /** The response to a body that is not a valid AdmissionReview. */
    AdmissionResponse invalid(String sentence) {
        return new AdmissionResponse(
                400, "text/plain; charset=utf-8", (sentence + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
