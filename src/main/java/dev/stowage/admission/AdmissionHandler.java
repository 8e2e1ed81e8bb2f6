package dev.stowage.admission;

import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.image.Printable;
import dev.stowage.message.WarningMessages;
import dev.stowage.policy.Action;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.review.WorkloadAssessor;
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
    private final AdmissionEvaluator evaluator;
    private final Supplier<PolicyConfig> policy;
    private final AdmissionObserver observer;

    /**
     * @param workloads reads objects
     * @param workloadAssessor judges images
     * @param cluster what the cluster says
     * @param policy what is configured now; asked once for each request, so that it can be reloaded
     * @param background verifies what an answer believed
     * @param observer is notified of every answer
     */
    public AdmissionHandler(
            WorkloadReader workloads,
            WorkloadAssessor workloadAssessor,
            ClusterView cluster,
            Supplier<PolicyConfig> policy,
            BackgroundVerification background,
            AdmissionObserver observer) {
        this.reader = new ReviewReader(workloads);
        this.evaluator = new AdmissionEvaluator(workloads, workloadAssessor, cluster, background);
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
            notifyObserver(invalid(e.getMessage(), since(arrived)));
            return CompletableFuture.completedFuture(writer.invalid(e.getMessage()));
        }
        PolicyConfig config = policy.get();
        CompletableFuture<AdmissionDecision> decided = decided(request, config);
        CompletableFuture<AdmissionAnswer> answer = new CompletableFuture<>();
        decided.whenComplete((decision, failure) -> {
            // a client that has gone gets no response, and a cancelled review is not an error
            if (!answer.isCancelled()) {
                complete(
                        answer,
                        () -> answer(request, failure == null ? decision : failed(request, config, failure), arrived));
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

    private AdmissionAnswer answer(AdmissionRequest request, AdmissionDecision decision, long arrived) {
        notifyObserver(decision.event(request, since(arrived)));
        return writer.answer(request.uid(), decision.response());
    }

    private CompletableFuture<AdmissionDecision> decided(AdmissionRequest request, PolicyConfig config) {
        CompletableFuture<AdmissionDecision> decided;
        try {
            decided = evaluator.evaluate(request, config);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        return decided.isDone()
                ? decided
                : decided.orTimeout(config.admissionDeadline().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
    }

    /** An internal error blocks nobody, unless that is configured. */
    private static AdmissionDecision failed(AdmissionRequest request, PolicyConfig config, Throwable failure) {
        LOG.log(
                System.Logger.Level.ERROR,
                "internal error while handling review " + Printable.of(request.uid()),
                failure);
        return AdmissionDecision.unknown(
                Decision.FAILED,
                config.mode(),
                config.onUnresolved() == Action.DENY,
                WarningMessages.ofUnreadable(
                        request.kind(),
                        request.name(),
                        "internal error, please report it; details are in Stowage's log under review "
                                + request.uid()));
    }

    private void notifyObserver(AdmissionEvent event) {
        try {
            observer.answered(event);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "an admission observer failed", e);
        }
    }

    private static AdmissionEvent invalid(String sentence, Duration took) {
        return new AdmissionEvent(
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
