package dev.stowage.admission;

/** A body that is not a valid AdmissionReview. The message is the sentence of the response with status 400. */
final class InvalidReviewException extends Exception {

    private static final long serialVersionUID = 1L;

    InvalidReviewException(String message) {
        super(message);
    }
}
