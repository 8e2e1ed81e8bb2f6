package dev.stowage.report;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.admission.AdmissionObserver;
import dev.stowage.async.Causes;
import dev.stowage.async.DaemonThreads;
import dev.stowage.kube.ApiErrors;
import dev.stowage.kube.MissingPermission;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The operator that keeps ImageReports. Every replica runs one and hands denied admissions over to reports; the one that holds the
 * Lease reconciles. Whatever goes wrong here (no CRD, no rights, no API server, the lease lost) is tried again for ever, shown by
 * {@link #problem()}, and never concerns admission.
 */
public final class ReportOperator implements AutoCloseable {

    private static final Logger LOG = System.getLogger(ReportOperator.class.getName());
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final Duration STOPPING = Duration.ofSeconds(5);
    private static final int THREADS = 8;
    private static final int RECONCILERS = 8;

    private final ReportContext context;
    private final ReportMetrics metrics;
    private final ApiWriteMonitor monitor;
    private final DenialRecorder denials;
    private final ReportWriter denialWriter;
    private final ScheduledExecutorService timer;
    private final ExecutorService executor;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread supervisor;
    private volatile ReportSession session;
    private volatile String problem = "not started";
    private String lastLogged = "";

    /** Does nothing until {@link #start()}, except taking denials. */
    public ReportOperator(ReportContext context) {
        this.context = context;
        this.metrics = new ReportMetrics(context.meters());
        this.monitor = new ApiWriteMonitor(context.clock(), metrics);
        this.denials = new DenialRecorder(
                context.settings().defaultRegistry(), context.clock(), Ticker.systemTicker(), metrics::droppedDenial);
        this.denialWriter = new ReportWriter(context.client(), monitor);
        this.timer = Executors.newScheduledThreadPool(2, DaemonThreads.factory("stowage-reports-timer"));
        this.executor = Executors.newFixedThreadPool(THREADS, DaemonThreads.factory("stowage-reports"));
        this.supervisor = DaemonThreads.create("stowage-reports-supervisor", this::supervise);
        metrics.showReports(() -> session == null ? List.of() : session.reports());
        metrics.showQueue("denials", denials, DenialRecorder::depth);
        metrics.showQueue(
                "scans",
                this,
                self -> self.session == null ? 0 : self.session.scans().depth());
        metrics.showLeader(this, self -> self.leading() ? 1 : 0);
    }

    /** Where the webhook tells of its answers; costs it next to nothing. */
    public AdmissionObserver denials() {
        return denials;
    }

    /** Starts; returns at once. */
    public void start() {
        supervisor.start();
        every(Duration.ofSeconds(1), () -> denials.flush(denialWriter));
        every(Duration.ofMillis(500), () -> withSession(ReportSession::syncUsage));
        every(Duration.ofSeconds(5), () -> withSession(ReportSession::syncNodes));
        every(Duration.ofSeconds(10), () -> withSession(ReportSession::createMissing));
    }

    private void withSession(Consumer<ReportSession> task) {
        ReportSession now = session;
        if (now != null) {
            task.accept(now);
        }
    }

    private void every(Duration period, Runnable task) {
        timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        // a task that threw would never run again
                        LOG.log(Level.WARNING, "updating ImageReports: {0}", e.toString());
                    }
                },
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Whether this replica reconciles. */
    public boolean leading() {
        ReportSession now = session;
        return now != null && now.leading();
    }

    /** What keeps it from doing its work now, one clause that names the CRD or the right that is missing. */
    public Optional<String> problem() {
        if (!problem.isEmpty()) {
            return Optional.of(problem);
        }
        ReportSession now = session;
        return Stream.of(now == null ? Optional.<String>empty() : now.problem(), monitor.problem())
                .flatMap(Optional::stream)
                .distinct()
                .reduce((some, more) -> some + "; " + more);
    }

    private void supervise() {
        while (closed.getCount() > 0) {
            try {
                run();
            } catch (RuntimeException e) {
                logOnce(describe(e));
            }
            await(RETRY);
        }
    }

    /** Runs one operator until it loses the lease, one of its informers ends, or this is closed. */
    private void run() {
        requireRights();
        requireReports();
        CountDownLatch over = new CountDownLatch(1);
        ReportSession mine = new ReportSession(context, monitor, executor);
        Operator operator = new Operator(overrider -> overrider
                .withKubernetesClient(context.client())
                .withCloseClientOnStop(false)
                .withConcurrentReconciliationThreads(RECONCILERS)
                .withUseSSAToPatchPrimaryResource(true)
                .withReconciliationTerminationTimeout(STOPPING)
                .withLeaderElectionConfiguration(lease(mine, over))
                .withInformerStoppedHandler((informer, failure) -> over.countDown()));
        try {
            operator.register(
                    new ImageReportReconciler(mine, context.settings().retention(), context.clock()),
                    overrider -> overrider.withInformerListLimit(500L).withItemStore(new KeptReports()));
            operator.start();
            session = mine;
            problem = "";
            awaitEither(over);
        } finally {
            session = null;
            mine.close();
            operator.stop();
        }
    }

    private LeaderElectionConfiguration lease(ReportSession mine, CountDownLatch over) {
        ReportSettings.LeaseSettings lease = context.settings().lease();
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(lease.name())
                .withLeaseNamespace(lease.namespace())
                .withIdentity(lease.identity())
                .withLeaseDuration(lease.duration())
                .withRenewDeadline(lease.renewal())
                .withRetryPeriod(lease.retry())
                .withLeaderCallbacks(new LeaderCallbacks(mine::lead, over::countDown, leader -> {}))
                // a replica that no longer leads goes on admitting
                .withExitOnStopLeading(false)
                .build();
    }

    /** JOSDK would say so too, but not what to do about it. */
    private void requireReports() {
        context.client()
                .resources(ImageReport.class)
                .inAnyNamespace()
                .list(new ListOptionsBuilder().withLimit(1L).build());
    }

    private void requireRights() {
        List<MissingPermission> missing =
                new LeaderRights(context.client(), context.settings().lease()).missing();
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    missing.stream().map(MissingPermission::clause).collect(Collectors.joining("; ")));
        }
    }

    private String describe(RuntimeException e) {
        boolean notInstalled = Causes.find(e, KubernetesClientException.class)
                .filter(refused -> refused.getCode() == HttpURLConnection.HTTP_NOT_FOUND)
                .isPresent();
        return notInstalled
                ? "the CRD " + ImageReport.CRD_NAME
                        + " is not installed; apply k8s/crd-imagereports.yaml, or upgrade the chart"
                : ApiErrors.describe(e);
    }

    private void logOnce(String what) {
        problem = what;
        if (!what.equals(lastLogged)) {
            lastLogged = what;
            LOG.log(Level.WARNING, "ImageReports are not updated: {0}; trying again, admission continues", what);
        }
    }

    private void await(Duration time) {
        try {
            closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }

    private void awaitEither(CountDownLatch over) {
        try {
            while (closed.getCount() > 0 && !over.await(200, TimeUnit.MILLISECONDS)) {
                continue;
            }
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }

    /** Stops, gives the lease back, and waits some seconds for what is under way. */
    @Override
    public void close() {
        closed.countDown();
        timer.shutdownNow();
        try {
            supervisor.join(2 * STOPPING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        executor.shutdownNow();
    }
}
