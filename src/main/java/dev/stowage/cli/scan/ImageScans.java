package dev.stowage.cli.scan;

import dev.stowage.admission.KeyringSource;
import dev.stowage.async.Deadline;
import dev.stowage.async.FairQueue;
import dev.stowage.image.ImageReference;
import dev.stowage.image.InvalidReferenceException;
import dev.stowage.platform.NodeProfile;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.Assessor.Purpose;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import dev.stowage.workload.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Assesses each image once for each purpose, however many namespaces use it: for all node profiles together, a few images at a time and
 * fewer of one registry, whose limits are honoured.
 */
final class ImageScans {

    private static final int AT_ONCE = 24;
    private static final int AT_ONCE_OF_REGISTRY = 8;

    /** As many workloads' credentials are tried if a registry refuses those of the first. */
    private static final int MOST_READERS = 3;

    /**
     * What is assessed once.
     *
     * @param image the reference in full, or as written if it is not valid
     */
    record Key(String image, Purpose purpose) {}

    /** An image, with all that those who use it need. */
    private static final class Job {
        private final Key key;
        private final String registry;
        private final Set<NodeProfile> profiles = new LinkedHashSet<>();
        private final List<Workload> readers = new ArrayList<>();

        Job(Key key) {
            this.key = key;
            this.registry = registry(key.image());
        }

        private static String registry(String image) {
            try {
                return ImageReference.parse(image).repository().registry();
            } catch (InvalidReferenceException e) {
                return "";
            }
        }
    }

    private final Function<Purpose, Assessor> assessors;
    private final KeyringSource keyrings;
    private final HostLimits limits;
    private final Verification verification;
    private final Duration timeout;
    private final FairQueue queue =
            new FairQueue(new FairQueue.Limits(AT_ONCE, AT_ONCE_OF_REGISTRY, Integer.MAX_VALUE, Integer.MAX_VALUE));
    private final Map<Key, Job> jobs = new LinkedHashMap<>();
    private final Map<Key, ImageAssessment> results = new ConcurrentHashMap<>();

    /**
     * @param assessors the engine, by purpose
     * @param keyrings the credentials of workloads
     * @param limits the limits of registries
     * @param verification how much of each image is read
     * @param timeout how long one image may take
     */
    ImageScans(
            Function<Purpose, Assessor> assessors,
            KeyringSource keyrings,
            HostLimits limits,
            Verification verification,
            Duration timeout) {
        this.assessors = assessors;
        this.keyrings = keyrings;
        this.limits = limits;
        this.verification = verification;
        this.timeout = timeout;
    }

    /** Adds an image for these profiles, which a pod of this workload reads. */
    void add(Key key, Set<NodeProfile> profiles, Workload reader) {
        Job job = jobs.computeIfAbsent(key, Job::new);
        job.profiles.addAll(profiles);
        if (job.readers.size() < MOST_READERS) {
            job.readers.add(reader);
        }
    }

    /** The number of images to assess. */
    int size() {
        return jobs.size();
    }

    /**
     * Assesses all images.
     *
     * @param assessed is notified of each, from any thread
     * @return completes with the last
     */
    CompletableFuture<Void> start(Runnable assessed) {
        Collection<CompletableFuture<?>> running = new ArrayList<>(jobs.size());
        for (Job job : jobs.values()) {
            running.add(queue.submit(job.registry, () -> scan(job)).handle((found, failure) -> {
                results.put(job.key, failure == null ? found : failed(job));
                assessed.run();
                return found;
            }));
        }
        return CompletableFuture.allOf(running.toArray(CompletableFuture[]::new));
    }

    /** The result of an image, once it is known. */
    Optional<ImageAssessment> result(Key key) {
        return Optional.ofNullable(results.get(key));
    }

    /** The results so far. */
    Map<Key, ImageAssessment> results() {
        return Map.copyOf(results);
    }

    private CompletableFuture<ImageAssessment> scan(Job job) {
        return limits.stopped(job.registry)
                .map(reason -> CompletableFuture.completedFuture(undetermined(job, Reason.RATE_LIMITED, reason)))
                .orElseGet(() -> limits.inTurn(job.registry, () -> limits.stopped(job.registry)
                                .map(reason -> CompletableFuture.completedFuture(
                                        undetermined(job, Reason.RATE_LIMITED, reason)))
                                .orElseGet(() -> read(job, 0)))
                        .thenCompose(found -> again(job, found)));
    }

    /** After a pause of the registry, if it refused the request; its next turn says so if there is none. */
    private CompletableFuture<ImageAssessment> again(Job job, ImageAssessment found) {
        if (!isRefused(found, Reason.RATE_LIMITED)) {
            limits.answered(job.registry);
            return CompletableFuture.completedFuture(found);
        }
        return limits.isLimited(job.registry) && limits.stopped(job.registry).isEmpty()
                ? scan(job)
                : CompletableFuture.completedFuture(limits.stopped(job.registry)
                        .map(reason -> undetermined(job, Reason.RATE_LIMITED, reason))
                        .orElse(found));
    }

    /** With the credentials of one of its workloads after the other, as long as the registry refuses them. */
    private CompletableFuture<ImageAssessment> read(Job job, int reader) {
        Deadline deadline = Deadline.in(timeout);
        Workload workload = job.readers.get(reader);
        return keyrings.keyringOf(workload, deadline)
                .thenCompose(keyring -> assessors
                        .apply(job.key.purpose())
                        .assess(job.key.image(), job.key.purpose(), job.profiles, verification, keyring, deadline))
                .thenCompose(found -> {
                    boolean refused = isRefused(found, Reason.UNAUTHORIZED) || isRefused(found, Reason.FORBIDDEN);
                    return refused && reader + 1 < job.readers.size()
                            ? read(job, reader + 1)
                            : CompletableFuture.completedFuture(found);
                });
    }

    private static boolean isRefused(ImageAssessment found, Reason reason) {
        return found.verdicts().values().stream().anyMatch(verdict -> verdict.reason() == reason);
    }

    private static ImageAssessment failed(Job job) {
        return undetermined(job, Reason.UNAVAILABLE, "internal error, please report it");
    }

    private static ImageAssessment undetermined(Job job, Reason reason, String message) {
        Map<NodeProfile, Verdict> verdicts = new LinkedHashMap<>();
        job.profiles.forEach(profile -> verdicts.put(profile, new Verdict.Undetermined(reason, message)));
        return new ImageAssessment(job.key.image(), ImageContents.UNKNOWN, verdicts);
    }
}
