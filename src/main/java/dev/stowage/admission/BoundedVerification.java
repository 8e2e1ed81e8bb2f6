package dev.stowage.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.assessment.WorkloadAssessor;
import dev.stowage.async.Deadline;
import dev.stowage.node.EligibleNodes;
import dev.stowage.platform.NodeProfile;
import dev.stowage.registry.Keyring;
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
 * Verifies images in the background, with bounded concurrency, and each image of a namespace once in five minutes: a thousand pods of
 * one image cost no more than one.
 */
public final class BoundedVerification implements BackgroundVerification {

    private static final int REMEMBERED = 10_000;
    private static final Duration AGAIN_AFTER = Duration.ofMinutes(5);
    private static final Duration TIME = Duration.ofSeconds(30);

    private final WorkloadAssessor workloadAssessor;
    private final Executor executor;
    private final Semaphore room;
    private final Cache<VerificationKey, Boolean> lately;

    /**
     * @param workloadAssessor assesses the images
     * @param executor runs the verification, so that it does not delay the response
     * @param atOnce the number of workloads verified concurrently
     * @param ticker the clock
     */
    public BoundedVerification(WorkloadAssessor workloadAssessor, Executor executor, int atOnce, Ticker ticker) {
        this.workloadAssessor = workloadAssessor;
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
                .filter(use -> lately.getIfPresent(VerificationKey.of(workload, use, nodes)) == null)
                .toList();
        if (due.isEmpty() || !room.tryAcquire()) {
            return;
        }
        due.forEach(use -> lately.put(VerificationKey.of(workload, use, nodes), Boolean.TRUE));
        try {
            executor.execute(() -> verify(workload, due, nodes, keyring));
        } catch (RejectedExecutionException e) {
            // shutting down
            room.release();
        }
    }

    private void verify(Workload workload, List<ImageUse> images, EligibleNodes nodes, Keyring keyring) {
        try {
            workloadAssessor
                    .assess(workload, images, nodes, Verification.MANIFESTS, keyring, Deadline.in(TIME))
                    .whenComplete((assessment, failure) -> room.release());
        } catch (RuntimeException e) {
            room.release();
            throw e;
        }
    }

    /** By namespace, because each has its own credentials. */
    private record VerificationKey(String namespace, String image, boolean mounted, Set<NodeProfile> profiles) {
        static VerificationKey of(Workload workload, ImageUse use, EligibleNodes nodes) {
            return new VerificationKey(
                    workload.namespace(),
                    use.image(),
                    use.role() == ImageUse.Role.VOLUME,
                    nodes.byProfile().keySet());
        }
    }
}
