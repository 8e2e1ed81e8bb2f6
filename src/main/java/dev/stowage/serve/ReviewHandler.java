package dev.stowage.serve;

import dev.stowage.admission.AdmissionAnswer;
import java.util.concurrent.CompletableFuture;

/** Answers AdmissionReviews; {@link dev.stowage.admission.AdmissionHandler#handle} is one. */
@FunctionalInterface
public interface ReviewHandler {

    /**
     * Answers one review. Called on an event loop, so it must not block.
     *
     * @param body the request's body, now the handler's own
     * @param contentType the request's Content-Type; empty when there is none
     * @return never completes exceptionally, except by being cancelled: that is done when the client no longer waits
     */
    CompletableFuture<AdmissionAnswer> handle(byte[] body, String contentType);
}
