package dev.stowage.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.node.EligibleNodes;
import dev.stowage.platform.NodeProfile;
import dev.stowage.registry.Deadline;
import dev.stowage.registry.Keyring;
import dev.stowage.review.WorkloadReviewer;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Verifies in the background: so many workloads at a time, and each image of a namespace once in a while, so that a thousand pods
 * of one image cost no more than one.
 */
public final class BoundedVerification implements BackgroundVerification {

    private static final int REMEMBERED = 10_000;
    private static final Duration AGAIN_AFTER = Duration.ofMinutes(5);
    private static final Duration TIME = Duration.ofSeconds(30);

    private final WorkloadReviewer reviewer;
    private final Executor executor;
    private final Semaphore room;
    private final Cache<Pass, Boolean> lately;

    /**
     * @param reviewer reads the images
     * @param executor starts the reading, off the thread that answers
     * @param atOnce how many workloads at a time
     * @param ticker the time, for when an image is verified again
     */
    public BoundedVerification(WorkloadReviewer reviewer, Executor executor, int atOnce, Ticker ticker) {
        this.reviewer = reviewer;
        this.executor = executor;
        this.room = new Semaphore(atOnce);
        this.lately = Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .expireAfterWrite(AGAIN_AFTER)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public void start(Workload workload, List<ImageUse> images, EligibleNodes nodes, Keyring keyring) {
        List<ImageUse> due = images.stream()
                .filter(use -> lately.getIfPresent(Pass.of(workload, use, nodes)) == null)
                .toList();
        if (due.isEmpty() || !room.tryAcquire()) {
            return;
        }
        due.forEach(use -> lately.put(Pass.of(workload, use, nodes), Boolean.TRUE));
        try {
            executor.execute(() -> verify(workload, due, nodes, keyring));
        } catch (RejectedExecutionException e) {
            // shutting down: nobody will ask again
            room.release();
        }
    }

    private void verify(Workload workload, List<ImageUse> images, EligibleNodes nodes, Keyring keyring) {
        try {
            reviewer.review(workload, images, nodes, Verification.MANIFESTS, keyring, Deadline.in(TIME))
                    .whenComplete((findings, failure) -> room.release());
        } catch (RuntimeException e) {
            room.release();
            throw e;
        }
    }

    /** Images are verified for each namespace apart, because each reads with its own credentials. */
    private record Pass(String namespace, String image, boolean mounted, Set<NodeProfile> profiles) {
        static Pass of(Workload workload, ImageUse use, EligibleNodes nodes) {
            return new Pass(
                    workload.namespace(),
                    use.image(),
                    use.role() == ImageUse.Role.VOLUME,
                    nodes.byProfile().keySet());
        }
    }
}
