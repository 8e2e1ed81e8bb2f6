package dev.stowage.report;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.admission.AdmissionEvent;
import dev.stowage.admission.AdmissionObserver;
import dev.stowage.admission.ReportedImages;
import dev.stowage.admission.SteeringEvent;
import dev.stowage.async.Causes;
import dev.stowage.async.DaemonThreads;
import dev.stowage.kube.ApiErrors;
import dev.stowage.kube.MissingPermission;
import dev.stowage.kube.PagedList;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.write.ApiWriteMonitor;
import dev.stowage.report.write.ReportWriter;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The operator that maintains ImageReports. Every replica runs one and records its denied admissions; the holder of the Lease reconciles.
 * Whatever goes wrong (no CRD, a missing permission, no API server, the Lease lost) is retried, shown by {@link #problem()}, and does
 * not affect admission.
 *
 * <p>JOSDK's way to end a leadership is to end the process, and it does not start again by itself after an error; but this process goes
 * on to review admissions. Therefore the operator runs under a supervisor that starts a new one.
 */
public final class ReportOperator implements AutoCloseable {

    private static final Logger LOG = System.getLogger(ReportOperator.class.getName());
    private static final Duration RETRY = Duration.ofSeconds(5);

    /** After an error such as exhausted memory the wait doubles, up to five minutes. */
    private static final int MAX_DOUBLINGS = 6;

    private static final Duration MAX_RETRY = RETRY.multipliedBy(1L << MAX_DOUBLINGS);
    private static final Duration FLUSH = Duration.ofSeconds(1);
    private static final Duration TERMINATION_TIMEOUT = Duration.ofSeconds(5);
    private static final int THREADS = 8;
    private static final int RECONCILERS = 8;

    private final ReportContext context;
    private final ApiWriteMonitor monitor;
    private final DenialRecorder denials;
    private final ReportWriter denialWriter;
    private final WorkloadEvents admissionEvents;
    private final ScheduledExecutorService supervisor =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.factory("stowage-reports-supervisor"));
    private final ScheduledExecutorService denialTimer =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.factory("stowage-reports-denials"));
    private final ExecutorService executor =
            Executors.newFixedThreadPool(THREADS, DaemonThreads.factory("stowage-reports"));
    private final ReportLimit limit;
    private volatile CountDownLatch ended = new CountDownLatch(1);
    private int errors;
    private volatile boolean closed;
    private volatile ReportSession session;
    private volatile String problem = "not started";
    private String lastLogged = "";

    /** Does nothing until {@link #start()}, except taking denials. */
    public ReportOperator(ReportContext context) {
        this.context = context;
        ReportMetrics metrics = new ReportMetrics(context.meters());
        this.monitor = new ApiWriteMonitor(context.clock(), metrics::wrote);
        this.limit = new ReportLimit(context.settings().maxPerNamespace());
        this.denials = new DenialRecorder(
                context.settings().defaultRegistry(),
                context.settings().excluded(),
                context.clock(),
                Ticker.systemTicker(),
                metrics::droppedDenial);
        this.denialWriter =
                new ReportWriter(context.client(), monitor, context.settings().defaultRegistry());
        this.admissionEvents = new WorkloadEvents(context.client(), monitor, context.clock(), executor);
        metrics.showReports(() -> current().map(now -> now.reports().all()).orElse(List.of()));
        metrics.showOmitted(limit, ReportLimit::omitted);
        metrics.showQueue("denials", denials, DenialRecorder::depth);
        metrics.showQueue("scans", this, self -> self.current()
                .map(now -> now.scans().depth())
                .orElse(0));
        metrics.showLeader(this, self -> self.leading() ? 1 : 0);
    }

    private Optional<ReportSession> current() {
        return Optional.ofNullable(session);
    }

    /** Takes the webhook's decisions, at next to no cost. */
    public AdmissionObserver denials() {
        return denials;
    }

    /** What the reports say, on every replica: each watches the reports, and the leader alone writes them. */
    public ReportedImages reportedImages() {
        return namespace -> {
            ReportSession now = session;
            if (context.settings().excluded().test(namespace)) {
                return ReportedImages.Known.unknown("it has no ImageReports, because it is excluded from them");
            }
            return now == null
                    ? ReportedImages.Known.unknown(problem().orElse("ImageReports are not read yet"))
                    : new ReportedImages.Known(
                            Optional.empty(),
                            UsedImages.of(
                                    now.reports().in(namespace), context.clock().instant()));
        };
    }

    /** Writes Events on owners whose pods were admitted although not every eligible node runs them; never waits. */
    public AdmissionObserver ownerEvents() {
        return event -> {
            boolean admitted = event.decision() == AdmissionEvent.Decision.ALLOWED
                    || event.decision() == AdmissionEvent.Decision.WARNED;
            if (admitted && !event.dryRun() && !context.settings().excluded().test(event.namespace())) {
                event.policy().forEach(admissionEvents::admittedOnSomeNodes);
            }
        };
    }

    /** Writes Events on owners whose pods are kept off nodes; never waits. */
    public SteeringEvent.Observer steeringEvents() {
        return event -> {
            if (event.patched()
                    && !event.dryRun()
                    && !context.settings().excluded().test(event.namespace())) {
                admissionEvents.steered(event);
            }
        };
    }

    /** Starts; returns at once. */
    public void start() {
        supervisor.execute(this::runOnce);
        denialTimer.scheduleWithFixedDelay(this::flushDenials, 0, FLUSH.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void flushDenials() {
        try {
            ReportLimit.Pass pass = limit.pass(namespace ->
                    current().map(now -> now.reports().managedIn(namespace)).orElse(0));
            denials.flush(denialWriter, pass::admit);
        } catch (RuntimeException | Error e) {
            // a task that threw would never run again
            LOG.log(Level.WARNING, "recording denials in ImageReports: {0}", e.toString());
        }
    }

    /** Whether this replica reconciles. */
    public boolean leading() {
        return current().map(ReportSession::leading).orElse(false);
    }

    /** What keeps it from its work now, one clause that names the CRD or the permission that is missing. */
    public Optional<String> problem() {
        if (!problem.isEmpty()) {
            return Optional.of(problem);
        }
        return Stream.of(current().flatMap(ReportSession::problem), monitor.problem())
                .flatMap(Optional::stream)
                .distinct()
                .reduce((some, more) -> some + "; " + more);
    }

    private void runOnce() {
        Instant began = Instant.now();
        Duration wait = RETRY;
        try {
            run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            stopped(describe(e));
        } catch (Error e) {
            // what the operator held is free now, so admission continues
            stopped(e.toString());
            boolean again = Duration.between(began, Instant.now()).compareTo(MAX_RETRY) < 0;
            errors = again ? Math.min(errors + 1, MAX_DOUBLINGS) : 0;
            wait = RETRY.multipliedBy(1L << errors);
        }
        try {
            supervisor.schedule(this::runOnce, wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // it is being closed
            return;
        }
    }

    private void stopped(String why) {
        problem = why;
        if (!problem.equals(lastLogged)) {
            lastLogged = problem;
            LOG.log(Level.WARNING, "ImageReports are not updated: {0}; trying again, admission continues", problem);
        }
    }

    /** Runs one operator until it loses the Lease, its informer ends, or this is closed. */
    private void run() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        ended = end;
        if (closed) {
            return;
        }
        requirePermissions();
        requireReports();
        AtomicReference<Error> error = new AtomicReference<>();
        ReportSession current = new ReportSession(context, monitor, executor, limit, failure -> {
            error.compareAndSet(null, failure);
            end.countDown();
        });
        Operator operator = new Operator(overrider -> overrider
                .withKubernetesClient(context.client())
                .withCloseClientOnStop(false)
                .withConcurrentReconciliationThreads(RECONCILERS)
                .withReconciliationTerminationTimeout(TERMINATION_TIMEOUT)
                .withLeaderElectionConfiguration(lease(current, end))
                .withInformerStoppedHandler((informer, failure) -> end.countDown()));
        try {
            operator.register(
                    new ImageReportReconciler(current, context.settings(), context.clock()),
                    overrider -> overrider.withInformerListLimit(PagedList.PAGE).withItemStore(new ReportStore()));
            operator.start();
            session = current;
            problem = "";
            end.await();
            if (error.get() != null) {
                throw error.get();
            }
        } finally {
            session = null;
            current.close();
            operator.stop();
        }
    }

    private LeaderElectionConfiguration lease(ReportSession current, CountDownLatch end) {
        ReportSettings.LeaseSettings lease = context.settings().lease();
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(lease.name())
                .withLeaseNamespace(lease.namespace())
                .withIdentity(lease.identity())
                .withLeaseDuration(lease.duration())
                .withRenewDeadline(lease.renewal())
                .withRetryPeriod(lease.retry())
                .withLeaderCallbacks(new LeaderCallbacks(current::lead, end::countDown, leader -> {}))
                .withExitOnStopLeading(false)
                .build();
    }

    /** JOSDK fails too, but with a stack trace at each attempt. */
    private void requireReports() {
        context.client()
                .resources(ImageReport.class)
                .inAnyNamespace()
                .list(new ListOptionsBuilder().withLimit(1L).build());
    }

    private void requirePermissions() {
        List<MissingPermission> missing =
                new LeaderPermissions(context.client(), context.settings().lease()).missing();
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    missing.stream().map(MissingPermission::clause).collect(Collectors.joining("; ")));
        }
    }

    private static String describe(RuntimeException e) {
        boolean notInstalled = Causes.find(e, KubernetesClientException.class)
                .filter(refused -> refused.getCode() == HttpURLConnection.HTTP_NOT_FOUND)
                .isPresent();
        return notInstalled
                ? "the CRD " + ImageReport.CRD_NAME
                        + " is not installed; apply k8s/crd-imagereports.yaml, or upgrade the chart"
                : ApiErrors.describe(e);
    }

    /** Stops, releases the Lease, and waits some seconds for work in progress. */
    @Override
    public void close() {
        closed = true;
        ended.countDown();
        denialTimer.shutdownNow();
        supervisor.shutdown();
        try {
            supervisor.awaitTermination(2 * TERMINATION_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        executor.shutdownNow();
    }
}
