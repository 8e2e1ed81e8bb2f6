package dev.stowage.admission;

import java.util.Objects;

/**
 * The HTTP response to an admission request.
 *
 * @param status the status: 200 with an AdmissionReview, or 400 with one sentence
 * @param contentType the type of the body
 * @param body the body; not to be changed
 */
public record AdmissionResponse(int status, String contentType, byte[] body) {
    public AdmissionResponse {
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(body, "body");
    }
}
