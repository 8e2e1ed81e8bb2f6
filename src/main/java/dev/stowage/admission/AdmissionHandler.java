package dev.stowage.admission;

import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.assessment.WorkloadAssessor;
import dev.stowage.async.CancellableFutures;
import dev.stowage.async.Causes;
import dev.stowage.image.Printable;
import dev.stowage.node.EligibleNodesCache;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.steering.SteeringPlanner;
import dev.stowage.steering.SteeringSettings;
import dev.stowage.workload.WorkloadReader;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/** Handles AdmissionReviews (admission.k8s.io/v1): reads the request, evaluates it, and writes the response. */
public final class AdmissionHandler {

    private static final System.Logger LOG = System.getLogger(AdmissionHandler.class.getName());

    /** The steps keep the deadline themselves; this is for an error in one of them, well within the API server's timeout. */
    private static final Duration GRACE = Duration.ofMillis(500);

    /** Reads a review from wherever it is. */
    private interface Reading {
        AdmissionRequest read() throws InvalidReviewException;
    }

    private final ReviewReader reader;
    private final ReviewWriter writer = new ReviewWriter();
    private final AdmissionEvaluator evaluator;
    private final SteeringEvaluator steering;
    private final LargeReviews large;
    private final NamespacePreview namespaces;
    private final Supplier<PolicyConfig> policy;
    private final AdmissionObserver observer;
    private final SteeringEvent.Observer steeringObserver;

    /** Reviews without steering; the parameters are those of the other constructor. */
    public AdmissionHandler(
            WorkloadReader workloads,
            WorkloadAssessor workloadAssessor,
            ClusterView cluster,
            Supplier<PolicyConfig> policy,
            BackgroundVerification background,
            AdmissionObserver observer) {
        this(
                workloads,
                workloadAssessor,
                cluster,
                policy,
                background,
                observer,
                SteeringSettings.OFF,
                SteeringEvent.Observer.NONE);
    }

    /**
     * @param workloads reads the objects
     * @param workloadAssessor assesses the images
     * @param cluster the state of the cluster
     * @param policy the current configuration; read once for each request, so that it can be reloaded
     * @param background verifies images after the response
     * @param observer is notified of every decision
     * @param steering in which namespaces pods are steered, and how
     * @param steeringObserver is notified of every pod that came to be steered
     */
    public AdmissionHandler(
            WorkloadReader workloads,
            WorkloadAssessor workloadAssessor,
            ClusterView cluster,
            Supplier<PolicyConfig> policy,
            BackgroundVerification background,
            AdmissionObserver observer,
            SteeringSettings steering,
            SteeringEvent.Observer steeringObserver) {
        EligibleNodesCache eligible = new EligibleNodesCache();
        SteeringPlanner planner = new SteeringPlanner(steering, eligible);
        this.reader = new ReviewReader(workloads);
        this.evaluator = new AdmissionEvaluator(workloads, workloadAssessor, cluster, background, planner, eligible);
        this.steering = new SteeringEvaluator(evaluator, planner, cluster.modes());
        this.large = new LargeReviews();
        this.namespaces = new NamespacePreview(cluster.reports());
        this.policy = Objects.requireNonNull(policy, "policy");
        this.observer = Objects.requireNonNull(observer, "observer");
        this.steeringObserver = Objects.requireNonNull(steeringObserver, "steeringObserver");
    }

    /** Reviews one request that is in memory. */
    public CompletableFuture<AdmissionResponse> handle(byte[] body) {
        return handle(read(new String(body, StandardCharsets.UTF_8)));
    }

    /** Reads an AdmissionReview on the calling thread, as it arrives. */
    public ReceivedReview read(InputStream body) {
        return received(() -> reader.read(body));
    }

    /** Reads an AdmissionReview that is in memory, on the calling thread. */
    public ReceivedReview read(String body) {
        return received(() -> reader.read(body));
    }

    private static ReceivedReview received(Reading reading) {
        long arrival = System.nanoTime();
        try {
            return ReceivedReview.of(reading.read(), arrival);
        } catch (InvalidReviewException e) {
            return ReceivedReview.invalid(String.valueOf(e.getMessage()), arrival);
        }
    }

    /**
     * Reviews one request.
     *
     * @param received the AdmissionReview
     * @return completes within the configured admission deadline, never exceptionally; it is complete on return if everything needed
     *     is in memory and the workload is not large. Cancelling it, for example because the client is gone, cancels work that no
     *     other review needs
     */
    public CompletableFuture<AdmissionResponse> handle(ReceivedReview received) {
        if (received.request.isEmpty()) {
            notifyObserver(invalid(received.problem, since(received.arrival)));
            return CompletableFuture.completedFuture(writer.invalid(received.problem));
        }
        AdmissionRequest request = received.request.get();
        if (NamespacePreview.isFor(request)) {
            AdmissionDecision made = preview(request);
            notifyObserver(made.event(request, since(received.arrival)));
            return CompletableFuture.completedFuture(writer.review(request.uid(), made));
        }
        ReviewContext review = new ReviewContext(request, policy.get());
        return CancellableFutures.handle(evaluate(review), (decision, failure) -> {
            AdmissionDecision made = failure == null ? decision : failed(review, failure);
            notifyObserver(made.event(request, since(received.arrival)));
            return writer.review(request.uid(), made);
        });
    }

    /** Whatever happens, no change of a Namespace is denied. */
    private AdmissionDecision preview(AdmissionRequest request) {
        try {
            return namespaces.review(request, policy.get());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "internal error while reviewing a Namespace", e);
            return AdmissionDecision.IGNORED;
        }
    }

    /**
     * Responds to a review of the mutating webhook. It admits whatever happens: then the pod is as it would be without steering.
     *
     * @param received the AdmissionReview
     * @return as {@link #handle(ReceivedReview)}
     */
    public CompletableFuture<AdmissionResponse> steer(ReceivedReview received) {
        if (received.request.isEmpty()) {
            return CompletableFuture.completedFuture(writer.invalid(received.problem));
        }
        AdmissionRequest request = received.request.get();
        ReviewContext review = new ReviewContext(request, policy.get());
        return CancellableFutures.handle(evaluate(review, steering::evaluate), (decision, failure) -> {
            if (failure != null && !isOverload(request, failure)) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "pod of review " + Printable.of(request.uid()) + " is not steered",
                        failure);
            }
            SteeringDecision made = failure == null ? decision : SteeringDecision.FAILED;
            notifyObserver(made, request, since(received.arrival));
            return writer.steering(request.uid(), made);
        });
    }

    private CompletableFuture<AdmissionDecision> evaluate(ReviewContext review) {
        return evaluate(review, evaluator::evaluate);
    }

    private <T> CompletableFuture<T> evaluate(
            ReviewContext review, Function<ReviewContext, CompletableFuture<T>> evaluation) {
        CompletableFuture<T> decision;
        try {
            decision = review.request.large() ? large.evaluate(review, evaluation) : evaluation.apply(review);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        return decision.isDone()
                ? decision
                : decision.orTimeout(
                        review.policy.admissionDeadline().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether it failed because too many large workloads are being evaluated. */
    private static boolean isOverload(AdmissionRequest request, Throwable failure) {
        Throwable cause = Causes.unwrap(failure);
        return request.large() && (cause instanceof RejectedExecutionException || cause instanceof TimeoutException);
    }

    /** An internal error blocks no workload, unless that is configured; nor does one workload too many. */
    private static AdmissionDecision failed(ReviewContext interrupted, Throwable failure) {
        AdmissionRequest request = interrupted.request;
        // a new one, because after a timeout a step may still be using the other
        ReviewContext review = new ReviewContext(request, interrupted.policy);
        review.mode = interrupted.mode;
        if (isOverload(request, failure)) {
            review.notChecked("too many large workloads are being checked");
            return review.decision();
        }
        LOG.log(
                System.Logger.Level.ERROR,
                "internal error while handling review " + Printable.of(request.uid()),
                failure);
        review.notChecked(
                Decision.FAILED,
                "internal error, please report it; details are in Stowage's log under review " + request.uid());
        return review.decision();
    }

    private void notifyObserver(AdmissionEvent event) {
        try {
            observer.answered(event);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "an admission observer failed", e);
        }
    }

    private void notifyObserver(SteeringDecision made, AdmissionRequest request, Duration duration) {
        boolean byController = request.requester().isController(request.namespace());
        try {
            steeringObserver.steered(new SteeringEvent(
                    made.plan(),
                    made.patch().isPresent(),
                    request.namespace(),
                    request.name(),
                    request.object().filter(pod -> byController).flatMap(WorkloadReader::controllingOwner),
                    request.dryRun(),
                    duration));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "an observer of steering failed", e);
        }
    }

    private static AdmissionEvent invalid(String message, Duration duration) {
        return new AdmissionEvent(
                Decision.INVALID, "", "", "", "", false, Optional.empty(), List.of(), message, duration);
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(Math.max(0, System.nanoTime() - nanoTime));
    }
}
