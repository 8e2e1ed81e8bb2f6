package dev.stowage.admission;

import java.util.Optional;

/** The body of a review as {@link AdmissionHandler#read} found it: a request, or the reason why it is none. */
public final class ReceivedReview {

    final Optional<AdmissionRequest> request;
    final String problem;

    /** {@link System#nanoTime} when reading began. */
    final long arrival;

    private ReceivedReview(Optional<AdmissionRequest> request, String problem, long arrival) {
        this.request = request;
        this.problem = problem;
        this.arrival = arrival;
    }

    static ReceivedReview of(AdmissionRequest request, long arrival) {
        return new ReceivedReview(Optional.of(request), "", arrival);
    }

    static ReceivedReview invalid(String problem, long arrival) {
        return new ReceivedReview(Optional.empty(), problem, arrival);
    }
}
