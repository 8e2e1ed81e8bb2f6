package dev.stowage.admission;

/** A request body that is not an AdmissionReview to answer. The message is one sentence for the answer with status 400. */
final class InvalidReviewException extends Exception {

    private static final long serialVersionUID = 1L;

    InvalidReviewException(String message) {
        super(message);
    }
}
