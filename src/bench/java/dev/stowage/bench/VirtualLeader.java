package dev.stowage.bench;

import dev.stowage.admission.KeyringSource;
import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Keyring;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.scan.ScanQueue;
import dev.stowage.report.scan.ScanRequest;
import dev.stowage.report.scan.ScanSchedule;
import dev.stowage.report.scan.ScanSchedule.Need;
import dev.stowage.report.status.ImageScan;
import dev.stowage.report.status.ImageScan.Scope;
import dev.stowage.report.status.ReconcileInput;
import dev.stowage.report.status.StatusFactory;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.verdict.Assessor;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import dev.stowage.workload.Workload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * One leader's scans in virtual time. What decides is the product's own: {@link ScanSchedule}, {@link ScanRequest}, {@link ScanQueue} with
 * its limits, and {@link StatusFactory}. Modelled are the operator's timers, one a report, the reconciliation, which is that of {@code
 * ImageReportReconciler} without workloads, and the registry, whose requests take a random time.
 */
final class VirtualLeader implements Assessor {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration FIRST_SCAN = Duration.ofMinutes(1);
    private static final Set<NodeProfile> PROFILES = Set.of(NodeProfile.of(Platform.of("linux", "amd64")));
    private static final List<Platform> PLATFORMS =
            List.of(Platform.of("linux", "amd64"), Platform.of("linux", "arm64"));

    /** What a registry does. */
    record Registry(int fastestMillis, int slowestMillis, int fewestReads, int mostReads, double failing) {
        static final Registry USUAL = new Registry(20, 200, 3, 5, 0.01);
    }

    /** What happens at a time; of equal times the first that was made. */
    private record Timer(long millis, long number, int report, Runnable end) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            int order = Long.compare(millis, other.millis);
            return order == 0 ? Long.compare(number, other.number) : order;
        }
    }

    private final Registry registry;
    private final RandomGenerator random;
    private final ScanSchedule<Integer> schedule;
    private final ScanQueue<Integer> scans;
    private final StatusFactory statuses = new StatusFactory();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final String[] images;
    private final Workload[] readers;
    private final ImageReportStatus[] reports;
    private final long[] pending;
    private final long[] lookedAt;
    private final ScanSeries series;
    private long now;
    private long number;
    private int running;

    /**
     * @param namespaceOf the namespace of each image
     * @param places how many scans run at a time
     */
    VirtualLeader(
            String[] namespaceOf, Duration refresh, int places, Registry registry, RandomGenerator random, int hours) {
        int count = namespaceOf.length;
        this.registry = registry;
        this.random = random;
        this.schedule = new ScanSchedule<>(refresh, random::nextDouble);
        this.scans = new ScanQueue<>(this, KeyringSource.ANONYMOUS, Runnable::run, places, this::reconcile);
        this.images = new String[count];
        this.readers = new Workload[count];
        this.reports = new ImageReportStatus[count];
        this.pending = new long[count];
        this.lookedAt = new long[count];
        this.series = new ScanSeries(hours);
        for (int i = 0; i < count; i++) {
            images[i] = "registry.example/team/app-" + i + ":1";
            readers[i] = reader(namespaceOf[i]);
            lookedAt[i] = -1;
        }
    }

    /** Of a cluster in which every image is new. */
    void startNew() {
        for (int i = 0; i < images.length; i++) {
            at(0, i);
        }
    }

    /** Of a cluster whose reports a former leader wrote, each read in full some time in the last day and looked at in the last period. */
    void startWithReports(Duration refresh) {
        for (int i = 0; i < images.length; i++) {
            long read = -random.nextLong(Duration.ofDays(1).toMillis());
            ReconcileInput input = input(i, Optional.of(found(i)));
            reports[i] = statuses.next(input, START.plusMillis(read));
            lookedAt[i] = -random.nextLong(refresh.toMillis());
            at(0, i);
        }
    }

    /** Runs for the hours that it was made for. */
    ScanSeries run() {
        long end = series.millis();
        long sampled = 0;
        while (!timers.isEmpty() && timers.peek().millis() < end) {
            Timer next = timers.poll();
            while (next.millis() >= sampled) {
                sample(sampled);
                sampled += ScanSeries.SAMPLE_MILLIS;
            }
            now = next.millis();
            if (next.end() != null) {
                next.end().run();
            } else if (pending[next.report()] == next.number()) {
                reconcile(next.report());
            }
        }
        return series;
    }

    private void sample(long at) {
        long oldest = at;
        int unseen = 0;
        for (long seen : lookedAt) {
            oldest = Math.min(oldest, seen);
            unseen += seen == -1 ? 1 : 0;
        }
        series.sample(at, scans.depth() - running, unseen, at - oldest);
    }

    /** The operator keeps one timer a report, the last one. */
    private void at(long delay, int report) {
        pending[report] = ++number;
        timers.add(new Timer(now + delay, number, report, null));
    }

    private void after(long delay, Runnable end) {
        timers.add(new Timer(now + delay, ++number, -1, end));
    }

    /** As {@code ImageReportReconciler} does it. */
    private void reconcile(int id) {
        series.reconciled(now);
        Instant time = START.plusMillis(now);
        ReconcileInput input = input(id, scans.result(id));
        if (input.scan().isEmpty() && schedule.need(id, input, time) == Need.IMAGE) {
            scans.submit(id, ScanRequest.full(images[id], input, true, readers[id], time));
            if (input.previous().isEmpty()) {
                at(FIRST_SCAN.toMillis(), id);
                return;
            }
        }
        ImageReportStatus status = statuses.next(input, time);
        if (input.scan().filter(scan -> scan.scope() != Scope.NEW_PLATFORMS).isPresent()) {
            schedule.scanned(id, status, time);
            lookedAt[id] = now;
        }
        if (StatusFactory.differ(input.previous(), status)) {
            reports[id] = status;
            series.wrote(now);
        }
        scans.remove(id);
        Instant due = schedule.dueAt(id, status, time);
        boolean scanning = input.scan().isEmpty() && !time.isBefore(due);
        at(ScanSchedule.until(due, scanning, Optional.empty(), time).toMillis(), id);
    }

    private ReconcileInput input(int id, Optional<ImageScan> scan) {
        return new ReconcileInput(1L, Optional.ofNullable(reports[id]), ImageUsage.NONE, PROFILES, true, scan);
    }

    private ImageScan found(int id) {
        return new ImageScan(content(images[id]), Scope.FULL, Purpose.RUN);
    }

    private static ImageAssessment content(String image) {
        Verdict runs = new Verdict.Runs(List.of());
        return new ImageAssessment(
                image,
                new ImageContents(Optional.of(digest(image)), true, PLATFORMS, 0, Optional.empty()),
                Map.of(PROFILES.iterator().next(), runs));
    }

    private static Digest digest(String image) {
        return Digest.of(image.getBytes(StandardCharsets.UTF_8));
    }

    /** Those that fail are always the same. */
    private boolean fails(String image) {
        return Math.floorMod(image.hashCode() * 0x9E3779B9, 10_000) < registry.failing() * 10_000;
    }

    @Override
    public CompletableFuture<ImageAssessment> assess(
            String image,
            Purpose purpose,
            Set<NodeProfile> profiles,
            Verification verification,
            Keyring keyring,
            Deadline deadline) {
        int reads = registry.fewestReads() + random.nextInt(registry.mostReads() - registry.fewestReads() + 1);
        ImageAssessment result = fails(image)
                ? ImageScan.undetermined(image, profiles, Reason.UNAVAILABLE, "the registry answered with 503")
                        .assessment()
                : content(image);
        return requests(reads, true).thenApply(done -> result);
    }

    @Override
    public CompletableFuture<Boolean> hasDigest(String image, Digest digest, Keyring keyring, Deadline deadline) {
        boolean same = !fails(image) && digest.equals(digest(image));
        return requests(1, false).thenApply(done -> same);
    }

    /** So many requests, one after the other. */
    private CompletableFuture<Void> requests(int count, boolean content) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        running++;
        request(count, content, done);
        return done;
    }

    private void request(int left, boolean content, CompletableFuture<Void> done) {
        if (left == 0) {
            running--;
            done.complete(null);
            return;
        }
        series.requested(now, content);
        int wait = registry.fastestMillis() + random.nextInt(registry.slowestMillis() - registry.fastestMillis() + 1);
        series.busy(now, wait);
        after(wait, () -> request(left - 1, content, done));
    }

    private static Workload reader(String namespace) {
        return new Workload(
                "Pod",
                namespace,
                "app",
                List.of(),
                SchedulingRules.NONE,
                List.of(),
                "default",
                Optional.empty(),
                true,
                false,
                false);
    }
}
