package dev.stowage.report;

import dev.stowage.async.DaemonThreads;
import dev.stowage.cluster.watch.WorkloadInformers;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ReportId;
import dev.stowage.report.export.ExportSettings;
import dev.stowage.report.export.ReportExporter;
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
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What the reconciler uses while one operator runs. Once this replica leads, the session watches the workloads, maps their changes and
 * those of the nodes to reports, and creates the reports that are missing.
 *
 * <p>Workloads are not {@code InformerEventSource}s, since those start on every replica: each would list and watch all pods, and one
 * kind that must not be listed would stop the whole operator.
 */
final class ReportSession implements AutoCloseable {

    private static final Logger LOG = System.getLogger(ReportSession.class.getName());

    private final ReportContext context;
    private final ReportWriter writer;
    private final WorkloadEvents events;
    private final EligibleProfiles eligibleProfiles;
    private final UsageIndex usages;
    private final ReportIndex reports;
    private final ReportCreator creator;
    private final WorkloadInformers workloads;
    private final ScanQueue<ReportId> scans;
    private final ScanSchedule<ReportId> schedule;
    private final WriteTracker<ReportId> writes = new WriteTracker<>();
    private final ReportEvents source = new ReportEvents();
    private final Optional<ReportExporter> exporter;
    private final Set<ImageKey> changedUsages = ConcurrentHashMap.newKeySet();
    private final ReportLimit limit;
    private final Consumer<Error> failed;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.factory("stowage-reports-sync"));
    private volatile boolean leading;
    private volatile boolean nodesKnown;

    /**
     * @param executor runs scans and writes Events
     * @param limit how many reports a namespace has
     * @param failed is notified of an error after which this session cannot go on, such as exhausted memory
     */
    ReportSession(
            ReportContext context,
            ApiWriteMonitor monitor,
            ExecutorService executor,
            ReportLimit limit,
            Consumer<Error> failed) {
        this.context = context;
        this.limit = limit;
        this.failed = failed;
        this.writer =
                new ReportWriter(context.client(), monitor, context.settings().defaultRegistry());
        this.events = new WorkloadEvents(context.client(), monitor, context.clock(), executor);
        this.eligibleProfiles = new EligibleProfiles(context.nodes());
        this.usages = new UsageIndex(context.settings().defaultRegistry(), changedUsages::add);
        this.reports = new ReportIndex(usages);
        this.creator = new ReportCreator(usages, writer, this::isExcluded);
        this.workloads =
                new WorkloadInformers(context.client(), context.settings().workloads(), context.clock(), usages);
        this.scans = new ScanQueue<>(
                context.assessor(),
                context.keyrings(),
                executor,
                context.settings().maxConcurrentScans(),
                id -> source.propagateEvent(id.resource()));
        this.exporter = context.settings().export().map(export -> exporter(export, monitor));
        this.schedule = new ScanSchedule<>(context.settings().refresh(), context.chance());
    }

    private ReportExporter exporter(ExportSettings export, ApiWriteMonitor monitor) {
        return new ReportExporter(context.client(), monitor, export, eligibleProfiles::profiles, context.clock());
    }

    /** The source of events about reports, and the index that maps images to reports. */
    EventSource<?, ImageReport> eventSource(IndexerResourceCache<ImageReport> cache) {
        reports.index(cache);
        return source;
    }

    /** This replica leads from now on. */
    void lead() {
        try {
            startLeading();
        } catch (Error e) {
            failed.accept(e);
        }
    }

    private synchronized void startLeading() {
        if (timer.isShutdown()) {
            return;
        }
        // what the previous leader wrote last
        context.seeds().ifPresent(seeds -> reports.all().forEach(seeds::add));
        workloads.start();
        exporter.ifPresent(ReportExporter::lookUp);
        leading = true;
        // Several changes within a period are one. No reconciliation could create a report: there is none to reconcile.
        every(Duration.ofMillis(500), this::syncUsage);
        every(Duration.ofSeconds(5), this::syncNodes);
        every(Duration.ofSeconds(10), this::createMissing);
        context.settings().export().ifPresent(export -> every(export.lookUp(), this::lookUpExport));
    }

    private void every(Duration period, Runnable task) {
        timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        // a task that threw would never run again
                        LOG.log(Level.WARNING, "updating ImageReports: {0}", e.toString());
                    } catch (Error e) {
                        failed.accept(e);
                    }
                },
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    boolean leading() {
        return leading;
    }

    /** What keeps it from listing and watching workloads, or from exporting. */
    Optional<String> problem() {
        return leading
                ? Stream.of(workloads.problem(), exporter.flatMap(ReportExporter::problem))
                        .flatMap(Optional::stream)
                        .reduce((some, more) -> some + "; " + more)
                : Optional.empty();
    }

    /** The reports in the cluster. */
    ReportIndex reports() {
        return reports;
    }

    /** Whether enough is known to compute the status of a report. */
    boolean isReadyFor(ImageReport report) {
        return nodesKnown() && (usageKnown() || !report.managed());
    }

    private boolean usageKnown() {
        return leading && workloads.synced();
    }

    /** Whether the list of nodes is complete: some of them alone would give wrong verdicts. */
    private boolean nodesKnown() {
        if (!nodesKnown && context.nodes().known()) {
            eligibleProfiles.refresh();
            nodesKnown = true;
        }
        return nodesKnown;
    }

    ImageUsage usage(ImageReport report) {
        ImageUsage usage = usages.usage(reports.key(report));
        return context.settings().workloads().optOut() ? usage : usage.withoutModes();
    }

    boolean steers(String namespace) {
        return context.steers().test(namespace);
    }

    EligibleProfiles eligibleProfiles() {
        return eligibleProfiles;
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

    /** Writes Events if a report became incompatible. */
    void recordEvents(ImageReport before, ImageReportStatus status, ImageUsage usage) {
        boolean was = before.getStatus() != null
                && ReportVerdict.INCOMPATIBLE.equals(before.getStatus().verdict());
        if (!was && ReportVerdict.INCOMPATIBLE.equals(status.verdict())) {
            events.becameIncompatible(before, status, usage);
        }
    }

    /** Exports a report that is up to date; when to try again if that failed. */
    Optional<Duration> export(ImageReport report, ImageReportStatus status, ImageUsage usage) {
        return exporter.flatMap(export -> export.export(report, status, usage));
    }

    private void lookUpExport() {
        if (exporter.filter(ReportExporter::lookUp).isPresent()) {
            reports.ids().forEach(source::propagateEvent);
        }
    }

    /** Reconciles or creates the reports of the images whose usage has changed. */
    private void syncUsage() {
        workloads.findCustomKinds();
        if (!usageKnown()) {
            return;
        }
        ReportLimit.Pass pass = limit.pass(reports::managedIn);
        for (ImageKey key : Set.copyOf(changedUsages)) {
            changedUsages.remove(key);
            List<ImageReport> known = reports.of(key);
            if (known.isEmpty()) {
                create(key, pass);
            }
            known.forEach(report -> source.propagateEvent(ResourceID.fromResource(report)));
        }
    }

    /** Reconciles all reports if the platforms that pods may be scheduled on have changed. */
    private void syncNodes() {
        if (eligibleProfiles.refresh()) {
            reports.ids().forEach(source::propagateEvent);
        }
    }

    /** Creates the reports that were deleted or could not be created before. */
    private void createMissing() {
        if (!usageKnown()) {
            return;
        }
        Set<ImageKey> existing = reports.images();
        ReportLimit.Pass pass = limit.pass(reports::managedIn);
        for (ImageKey key : usages.keys()) {
            if (!existing.contains(key)) {
                create(key, pass);
            }
        }
        pass.complete();
    }

    private void create(ImageKey key, ReportLimit.Pass pass) {
        if (leading) {
            creator.create(key, pass);
        }
    }

    /** Whether the namespace has no reports. */
    boolean isExcluded(String namespace) {
        return context.settings().excluded().test(namespace);
    }

    /** The session cannot go on. */
    void fail(Error error) {
        failed.accept(error);
    }

    /** Events for the reconciler: the ends of scans, and changes of workloads and nodes. Also forgets the reports that are deleted. */
    private final class ReportEvents extends SimpleInboundEventSource<ImageReport>
            implements ResourceEventAware<ImageReport> {
        ReportEvents() {
            super("changes");
        }

        @Override
        public void onResourceDeleted(ImageReport report) {
            ReportId id = ReportId.of(report);
            scans.forget(id);
            schedule.forget(id);
            writes.forget(id);
            exporter.ifPresent(export -> export.forget(id));
        }
    }

    @Override
    public synchronized void close() {
        leading = false;
        timer.shutdown();
        workloads.close();
    }
}
