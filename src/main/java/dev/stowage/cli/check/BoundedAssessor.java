package dev.stowage.cli.check;

import dev.stowage.async.Deadline;
import dev.stowage.platform.NodeProfile;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.resilience.ConcurrencyLimiter;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.ImageAssessment;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls an engine once for equal requests, and for only so many at a time: hundreds of images in one manifest are neither read one after
 * the other nor all at once.
 */
final class BoundedAssessor implements Assessor {

    private record Request(String image, Purpose purpose, Set<NodeProfile> profiles, Verification verification) {}

    private final Assessor assessor;
    private final ConcurrencyLimiter limiter;
    private final Runnable onCompleted;
    private final Map<Request, CompletableFuture<ImageAssessment>> requests = new ConcurrentHashMap<>();

    /**
     * @param assessor the engine
     * @param limit how many requests at a time
     * @param onCompleted called after each request, from any thread
     */
    BoundedAssessor(Assessor assessor, int limit, Runnable onCompleted) {
        this.assessor = Objects.requireNonNull(assessor, "assessor");
        this.limiter = new ConcurrencyLimiter(limit);
        this.onCompleted = Objects.requireNonNull(onCompleted, "onCompleted");
    }

    @Override
    public CompletableFuture<ImageAssessment> assess(
            String image,
            Purpose purpose,
            Set<NodeProfile> profiles,
            Verification verification,
            Keyring keyring,
            Deadline deadline) {
        Request request = new Request(image, purpose, Set.copyOf(profiles), verification);
        CompletableFuture<ImageAssessment> result = new CompletableFuture<>();
        CompletableFuture<ImageAssessment> earlier = requests.putIfAbsent(request, result);
        if (earlier != null) {
            return earlier.copy();
        }
        limiter.execute(() -> assessor.assess(image, purpose, profiles, verification, keyring, deadline))
                .whenComplete((assessment, failure) -> {
                    onCompleted.run();
                    if (failure == null) {
                        result.complete(assessment);
                    } else {
                        result.completeExceptionally(failure);
                    }
                });
        return result.copy();
    }
    /** How many different images were requested. */
    int images() {
        return (int) requests.keySet().stream().map(Request::image).distinct().count();
    }
}
