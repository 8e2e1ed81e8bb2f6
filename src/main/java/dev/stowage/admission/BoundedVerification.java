package dev.stowage.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.assessment.WorkloadAssessor;
import dev.stowage.async.Causes;
import dev.stowage.async.Deadline;
import dev.stowage.async.FairQueue;
import dev.stowage.node.EligibleNodes;
import dev.stowage.platform.NodeProfile;
import dev.stowage.registry.Keyring;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.Workload;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/**
 * Verifies images in the background, with bounded concurrency of which each namespace has a share, and each image of a namespace once in
 * five minutes: a thousand pods of one image cost no more than one.
 */
public final class BoundedVerification implements BackgroundVerification {

    static final long MAX_BYTES = 4L << 20;

    private static final Duration AGAIN_AFTER = Duration.ofMinutes(5);
    private static final Duration TIME = Duration.ofSeconds(30);

    /** How many workloads wait: they are few, since what waits long is of no use to the next review. */
    private static final int WAITING = 256;

    private static final int WAITING_PER_NAMESPACE = 32;
    private static final int OVERHEAD = 300;
    private static final int PROFILE_BYTES = 200;

    private final WorkloadAssessor workloadAssessor;
    private final Executor executor;
    private final FairQueue queue;
    private final Cache<VerificationKey, Boolean> lately;

    /**
     * @param workloadAssessor assesses the images
     * @param executor runs the verification, so that it does not delay the response
     * @param maxConcurrent the number of workloads verified concurrently; a namespace has half of them at most
     * @param ticker the clock
     */
    public BoundedVerification(WorkloadAssessor workloadAssessor, Executor executor, int maxConcurrent, Ticker ticker) {
        this.workloadAssessor = workloadAssessor;
        this.executor = executor;
        this.queue = new FairQueue(
                new FairQueue.Limits(maxConcurrent, (maxConcurrent + 1) / 2, WAITING, WAITING_PER_NAMESPACE));
        this.lately = Caffeine.newBuilder()
                .maximumWeight(MAX_BYTES)
                .weigher((VerificationKey key, Boolean value) -> key.weight())
                .expireAfterWrite(AGAIN_AFTER)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public void start(Workload workload, List<ImageUse> images, EligibleNodes nodes, Keyring keyring) {
        Map<ImageUse, VerificationKey> due = new LinkedHashMap<>();
        for (ImageUse use : images) {
            VerificationKey key = VerificationKey.of(workload, use, nodes);
            if (lately.getIfPresent(key) == null) {
                due.put(use, key);
            }
        }
        if (due.isEmpty()) {
            return;
        }
        due.values().forEach(key -> lately.put(key, Boolean.TRUE));
        queue.submit(workload.namespace(), () -> CompletableFuture.supplyAsync(
                                () -> workloadAssessor.assess(
                                        workload,
                                        List.copyOf(due.keySet()),
                                        nodes,
                                        Verification.MANIFESTS,
                                        keyring,
                                        Deadline.in(TIME)),
                                executor)
                        .thenCompose(Function.identity()))
                .exceptionally(failure -> {
                    if (Causes.find(failure, RejectedExecutionException.class).isPresent()) {
                        // no room, or shutting down: verified with the next review
                        lately.invalidateAll(due.values());
                    }
                    return null;
                });
    }

    /** By namespace, because each has its own credentials. */
    private record VerificationKey(
            String namespace, String image, boolean mounted, boolean data, Set<NodeProfile> profiles) {
        static VerificationKey of(Workload workload, ImageUse use, EligibleNodes nodes) {
            return new VerificationKey(
                    workload.namespace(),
                    use.image(),
                    use.role() == ImageUse.Role.VOLUME,
                    use.data(),
                    new HashSet<>(nodes.byProfile().keySet()));
        }

        int weight() {
            return OVERHEAD + namespace.length() + image.length() + PROFILE_BYTES * profiles.size();
        }
    }
}
