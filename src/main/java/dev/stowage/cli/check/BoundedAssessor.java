package dev.stowage.cli.check;

import dev.stowage.async.Deadline;
import dev.stowage.async.FairQueue;
import dev.stowage.platform.NodeProfile;
import dev.stowage.registry.Keyring;
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
    private final FairQueue queue;
    private final Runnable onCompleted;
    private final Map<Request, CompletableFuture<ImageAssessment>> requests = new ConcurrentHashMap<>();

    /**
     * @param assessor the engine
     * @param limit the most requests at a time
     * @param onCompleted called after each request, from any thread
     */
    BoundedAssessor(Assessor assessor, int limit, Runnable onCompleted) {
        this.assessor = Objects.requireNonNull(assessor, "assessor");
        this.queue = new FairQueue(new FairQueue.Limits(limit, limit, Integer.MAX_VALUE, Integer.MAX_VALUE));
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
        queue.submit("", () -> assessor.assess(image, purpose, profiles, verification, keyring, deadline))
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
    /** The number of different images that were requested. */
    int images() {
        return (int) requests.keySet().stream().map(Request::image).distinct().count();
    }
}
