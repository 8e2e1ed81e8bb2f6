package dev.stowage.admission;

import java.util.concurrent.CompletableFuture;

/** Answers AdmissionReviews (admission.k8s.io/v1): reads the review, has its images judged, decides, and says it. */
public final class AdmissionHandler {

    /**
     * Answers one review.
     *
     * @param body the request's body
     * @param contentType the request's Content-Type; empty when there is none
     * @return completes within the configured admission deadline, never exceptionally; where everything is known from memory it
     *     is complete when it is returned
     */
    public CompletableFuture<AdmissionAnswer> handle(byte[] body, String contentType) {
        throw new UnsupportedOperationException("helper");
    }
}
