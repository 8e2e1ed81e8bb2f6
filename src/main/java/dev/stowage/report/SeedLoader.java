package dev.stowage.report;

import dev.stowage.async.DaemonThreads;
import dev.stowage.kube.ApiErrors;
import dev.stowage.kube.PagedList;
import dev.stowage.kube.StoredObjects;
import dev.stowage.report.api.ImageReport;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;

/**
 * Reads the ImageReports of the cluster once at the start, page by page, into {@link ReportSeeds}. If that fails, the log says why,
 * once, and images are read from their registries.
 */
public final class SeedLoader implements AutoCloseable {

    private static final Logger LOG = System.getLogger(SeedLoader.class.getName());

    /** How long readiness waits at most. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final KubernetesClient client;
    private final ReportSeeds seeds;
    private final Thread thread;
    private volatile boolean done;
    private volatile long startedAt = System.nanoTime();
    private volatile String state = "waiting";

    /**
     * Does nothing until {@link #start()}.
     *
     * @param client the cluster; must be closed by the caller, after this
     * @param seeds takes what the reports say
     */
    public SeedLoader(KubernetesClient client, ReportSeeds seeds) {
        this.client = StoredObjects.typed(client);
        this.seeds = Objects.requireNonNull(seeds, "seeds");
        this.thread = DaemonThreads.create("stowage-seeds", this::run);
    }

    /** Starts; returns at once. */
    public void start() {
        startedAt = System.nanoTime();
        thread.start();
    }

    /** Whether readiness need not wait any longer: it has ended, failed, or takes too long. */
    public boolean settled() {
        return done || System.nanoTime() - startedAt > PATIENCE.toNanos();
    }

    /** The state as a text. */
    public String state() {
        return state;
    }

    private void run() {
        try {
            load();
        } catch (KubernetesClientException e) {
            giveUp(reason(e));
        } catch (RuntimeException e) {
            giveUp(e.toString());
        } finally {
            done = true;
        }
    }

    private void load() {
        int[] counts = new int[2];
        PagedList.forEach(client.resources(ImageReport.class).inAnyNamespace(), report -> {
            counts[0]++;
            counts[1] += seeds.add(report) ? 1 : 0;
        });
        state = counts[1] + " of " + counts[0] + " reports used";
        LOG.log(Level.INFO, "verdicts of ImageReports: {0}", state);
    }

    private void giveUp(String why) {
        state = "not used: " + why;
        LOG.log(
                Level.WARNING,
                "verdicts of ImageReports are not used, images are read from their registries again: {0}",
                why);
    }

    private static String reason(KubernetesClientException e) {
        return switch (e.getCode()) {
            case 403 -> "the ServiceAccount is not permitted to list imagereports.stowage.dev";
            case 404 -> "the CRD " + ImageReport.CRD_NAME + " is not installed";
            default -> ApiErrors.reason(e);
        };
    }

    /** Stops it. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
