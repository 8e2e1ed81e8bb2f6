package dev.stowage.report;

import dev.stowage.cluster.watch.WorkloadInformers;
import dev.stowage.image.ImageReference;
import dev.stowage.image.InvalidReferenceException;
import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.NodeProfile;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ReportId;
import dev.stowage.report.scan.ScanQueue;
import dev.stowage.report.scan.ScanSchedule;
import dev.stowage.report.status.ReportVerdict;
import dev.stowage.report.usage.ImageKey;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.report.usage.UsageIndex;
import dev.stowage.report.write.ApiWriteMonitor;
import dev.stowage.report.write.ReportWriter;
import dev.stowage.report.write.WriteTracker;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the reconciler knows while it runs: the reports, who uses which image, and where pods may land. It also sees to it that
 * there is a report for each image in use, and that reports are looked after again when something about them has changed.
 */
final class ReportSession implements AutoCloseable {

    private static final String BY_IMAGE = "image";

    private final ReportContext context;
    private final ApiWriteMonitor monitor;
    private final ReportWriter writer;
    private final WorkloadEvents events;
    private final EligibleProfiles eligibility;
    private final UsageIndex index;
    private final WorkloadInformers informers;
    private final ScanQueue<ReportId> scans;
    private final ScanSchedule<ReportId> schedule;
    private final WriteTracker<ReportId> writes = new WriteTracker<>();
    private final Changes source = new Changes();
    private final ReentrantLock making = new ReentrantLock();
    private final Set<ImageKey> touched = ConcurrentHashMap.newKeySet();
    private volatile IndexerResourceCache<ImageReport> reports;
    private volatile boolean leading;
    private volatile boolean nodesKnown;

    /** @param executor for what is done beside the reconciler */
    ReportSession(ReportContext context, ApiWriteMonitor monitor, ExecutorService executor) {
        this.context = context;
        this.monitor = monitor;
        this.writer = new ReportWriter(context.client(), monitor);
        this.events = new WorkloadEvents(context.client(), monitor, context.clock(), executor);
        this.eligibility = new EligibleProfiles(context.nodes());
        this.index = new UsageIndex(context.settings().defaultRegistry(), touched::add);
        this.informers =
                new WorkloadInformers(context.client(), context.settings().customKinds(), context.clock(), index);
        this.scans = new ScanQueue<>(
                context.assessor(),
                context.keyrings(),
                executor,
                context.settings().atOnce(),
                id -> source.propagateEvent(id.resource()));
        this.schedule = new ScanSchedule<>(context.settings().refresh(), context.chance());
    }

    /** Begins to watch what runs in the cluster, which only the leader has to know. */
    void lead() {
        // what the previous leader wrote last
        context.seeds().ifPresent(seeds -> reports().forEach(seeds::add));
        informers.start();
        leading = true;
    }

    boolean leading() {
        return leading;
    }

    /** Whether it is known which images are in use. */
    boolean usageKnown() {
        return leading && informers.synced();
    }

    /** Whether all nodes are known: judged by those that happen to be heard of first, images would come out wrong. */
    boolean nodesKnown() {
        if (!nodesKnown && context.nodes().known()) {
            eligibility.refresh();
            nodesKnown = true;
        }
        return nodesKnown;
    }

    /** What keeps it from knowing what runs in the cluster. */
    Optional<String> problem() {
        return leading ? informers.problem() : Optional.empty();
    }

    EventSource<?, ImageReport> attach(IndexerResourceCache<ImageReport> cache) {
        cache.addIndexer(BY_IMAGE, report -> List.of(indexed(key(report))));
        reports = cache;
        return source;
    }

    private static String indexed(ImageKey key) {
        return key.namespace() + "\n" + key.image();
    }

    private ImageKey key(ImageReport report) {
        String image = report.getSpec() == null || report.getSpec().image() == null
                ? ""
                : report.getSpec().image();
        return index.keyOf(report.getMetadata().getNamespace(), image);
    }

    ImageUsage usage(ImageReport report) {
        return index.usage(key(report));
    }

    Set<NodeProfile> profiles(Set<SchedulingRules> rules) {
        return eligibility.profiles(rules);
    }

    /** The image by the digest that it was found to have. */
    String pinned(String image, String digest) {
        try {
            return ImageReference.parse(image, context.settings().defaultRegistry())
                            .repository() + "@" + digest;
        } catch (InvalidReferenceException e) {
            return image;
        }
    }

    ScanQueue<ReportId> scans() {
        return scans;
    }

    ScanSchedule<ReportId> schedule() {
        return schedule;
    }

    WriteTracker<ReportId> writes() {
        return writes;
    }

    ReportWriter writer() {
        return writer;
    }

    /** Tells of a status that was written where this report stood. */
    void announce(ImageReport report, ImageReportStatus status, ImageUsage usage) {
        boolean was = report.getStatus() != null
                && ReportVerdict.INCOMPATIBLE.equals(report.getStatus().verdict());
        if (!was && ReportVerdict.INCOMPATIBLE.equals(status.verdict())) {
            events.becameIncompatible(report, status, usage);
        }
    }

    /** Looks after what changed since the last call. Called often; changes in between are one. */
    void syncUsage() {
        if (leading) {
            informers.findCustomKinds();
        }
        if (!usageKnown() || reports == null) {
            return;
        }
        making.lock();
        try {
            for (ImageKey key : Set.copyOf(touched)) {
                touched.remove(key);
                syncUsage(key);
            }
        } finally {
            making.unlock();
        }
    }

    private void syncUsage(ImageKey key) {
        List<ImageReport> known = reports.byIndex(BY_IMAGE, indexed(key));
        if (known.isEmpty()) {
            create(key);
        }
        known.forEach(report -> source.propagateEvent(ResourceID.fromResource(report)));
    }

    private void create(ImageKey key) {
        if (!index.usage(key).isEmpty()) {
            writer.create(key, index.asWritten(key));
        }
    }

    /** Takes note of the nodes that there are now; called now and then. */
    void syncNodes() {
        if (leading && reports != null && eligibility.refresh()) {
            reports.list().forEach(report -> source.propagateEvent(ResourceID.fromResource(report)));
        }
    }

    /** Makes the reports that should be there and are not, whoever took them away; called now and then. */
    void createMissing() {
        // what is being made is not missing
        if (!usageKnown() || reports == null || !making.tryLock()) {
            return;
        }
        try {
            makeMissing();
        } finally {
            making.unlock();
        }
    }

    private void makeMissing() {
        Set<String> there = new HashSet<>();
        reports.list().forEach(report -> there.add(indexed(key(report))));
        for (ImageKey key : index.keys()) {
            if (!there.contains(indexed(key))) {
                create(key);
            }
        }
    }

    /** The reports that are known. */
    List<ImageReport> reports() {
        return reports == null ? List.of() : reports.list().toList();
    }

    /** Makes the reconciler look after a report; and hears of reports that go. */
    private final class Changes extends SimpleInboundEventSource<ImageReport>
            implements ResourceEventAware<ImageReport> {
        Changes() {
            super("changes");
        }

        @Override
        public void onResourceDeleted(ImageReport report) {
            ReportId gone = ReportId.of(report);
            scans.forget(gone);
            schedule.forget(gone);
            writes.forget(gone);
        }
    }

    @Override
    public void close() {
        leading = false;
        informers.close();
    }
}
