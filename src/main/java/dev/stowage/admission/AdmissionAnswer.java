package dev.stowage.admission;

import java.util.Objects;

/**
 * What an admission request is answered with over HTTP.
 *
 * @param status the HTTP status: 200 with an AdmissionReview, or 400 with one sentence
 * @param contentType the body's type
 * @param body the body; not to be changed
 */
public record AdmissionAnswer(int status, String contentType, byte[] body) {
    public AdmissionAnswer {
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(body, "body");
    }
}
