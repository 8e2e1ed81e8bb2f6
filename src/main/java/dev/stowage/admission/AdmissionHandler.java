package dev.stowage.admission;

import dev.stowage.admission.AdmissionOutcome.Decision;
import dev.stowage.image.Printable;
import dev.stowage.message.WarningMessages;
import dev.stowage.policy.Action;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.review.WorkloadReviewer;
import dev.stowage.workload.WorkloadReader;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Handles AdmissionReviews (admission.k8s.io/v1): reads the review, has its images checked, and decides. Only CREATE and
 * UPDATE of what contains pods is checked; everything else is admitted at once.
 */
public final class AdmissionHandler {

    private static final System.Logger LOG = System.getLogger(AdmissionHandler.class.getName());

    /** Everybody asked keeps the deadline; this is for a fault of theirs, well inside the API server's own timeout. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private final ReviewReader reader;
    private final ReviewWriter writer = new ReviewWriter();
    private final Decider decider;
    private final Supplier<PolicyConfig> policy;
    private final AdmissionObserver observer;

    /**
     * @param workloads reads objects
     * @param reviewer judges images
     * @param cluster what the cluster says
     * @param policy what is configured now; asked once for each request, so that it can be reloaded
     * @param background verifies what an answer believed
     * @param observer is notified of every answer
     */
    public AdmissionHandler(
            WorkloadReader workloads,
            WorkloadReviewer reviewer,
            ClusterView cluster,
            Supplier<PolicyConfig> policy,
            BackgroundVerification background,
            AdmissionObserver observer) {
        this.reader = new ReviewReader(workloads);
        this.decider = new Decider(workloads, reviewer, cluster, background);
        this.policy = Objects.requireNonNull(policy, "policy");
        this.observer = Objects.requireNonNull(observer, "observer");
    }

    /**
     * Answers one review.
     *
     * @param body the request's body
     * @param contentType the request's Content-Type; empty when there is none
     * @return completes within the configured admission deadline, never exceptionally; where everything is known from memory it
     *     is complete when it is returned; cancelling it, as when the caller has gone, ends work that nobody else waits for
     */
    public CompletableFuture<AdmissionAnswer> handle(byte[] body, String contentType) {
        long arrived = System.nanoTime();
        AdmissionRequest request;
        try {
            requireJson(contentType);
            request = reader.read(body);
        } catch (InvalidReviewException e) {
            tell(invalid(e.getMessage(), since(arrived)));
            return CompletableFuture.completedFuture(writer.invalid(e.getMessage()));
        }
        PolicyConfig config = policy.get();
        CompletableFuture<Handled> decided = decided(request, config);
        CompletableFuture<AdmissionAnswer> answer = new CompletableFuture<>();
        decided.whenComplete((handled, failure) -> {
            // a client that has gone gets no response, and a cancelled review is not an error
            if (!answer.isCancelled()) {
                complete(
                        answer,
                        () -> answer(request, failure == null ? handled : failed(request, config, failure), arrived));
            }
        });
        if (!answer.isDone()) {
            answer.whenComplete((given, failure) -> {
                if (answer.isCancelled()) {
                    decided.cancel(true);
                }
            });
        }
        return answer;
    }

    private static void complete(CompletableFuture<AdmissionAnswer> answer, Supplier<AdmissionAnswer> given) {
        try {
            answer.complete(given.get());
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private AdmissionAnswer answer(AdmissionRequest request, Handled handled, long arrived) {
        tell(handled.outcome(request, since(arrived)));
        return writer.answer(request.uid(), handled.response());
    }

    private CompletableFuture<Handled> decided(AdmissionRequest request, PolicyConfig config) {
        CompletableFuture<Handled> decided;
        try {
            decided = decider.decide(request, config);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        return decided.isDone()
                ? decided
                : decided.orTimeout(config.admissionDeadline().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
    }

    /** An internal error blocks nobody, unless that is configured. */
    private static Handled failed(AdmissionRequest request, PolicyConfig config, Throwable failure) {
        LOG.log(
                System.Logger.Level.ERROR,
                "internal error while handling review " + Printable.of(request.uid()),
                failure);
        return Handled.unknown(
                Decision.FAILED,
                config.mode(),
                config.onUnresolved() == Action.DENY,
                WarningMessages.ofUnreadable(
                        request.kind(),
                        request.name(),
                        "internal error, please report it; details are in Stowage's log under review "
                                + request.uid()));
    }

    private void tell(AdmissionOutcome outcome) {
        try {
            observer.answered(outcome);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "an admission observer failed", e);
        }
    }

    private static AdmissionOutcome invalid(String sentence, Duration took) {
        return new AdmissionOutcome(
                Decision.INVALID, "", "", "", "", false, Optional.empty(), Optional.empty(), sentence, took);
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(Math.max(0, System.nanoTime() - nanoTime));
    }

    private static void requireJson(String contentType) throws InvalidReviewException {
        int end = contentType.indexOf(';');
        String type = end < 0 ? contentType : contentType.substring(0, end);
        if (!type.strip().toLowerCase(Locale.ROOT).equals("application/json")) {
            throw new InvalidReviewException("The Content-Type is \"" + Printable.of(contentType)
                    + "\"; an AdmissionReview is application/json.");
        }
    }
}
