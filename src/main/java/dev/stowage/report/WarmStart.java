package dev.stowage.report;

import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Takes over at the start what the cluster's ImageReports remember of images, so that registries are not asked for it again. The reports
 * are listed once, page by page, and not kept. When that cannot be done, the log says why, once, and images are asked for.
 */
public final class WarmStart implements AutoCloseable {

    private static final Logger LOG = System.getLogger(WarmStart.class.getName());
    private static final long PAGE = 500;

    /** How long a replica that could answer waits for it. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofMillis(50);

    private final KubernetesClient client;
    private final ImageMemory memory;
    private final Recollector recollector;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread thread;
    private volatile long startedAt = System.nanoTime();
    private volatile String state = "waiting";

    /**
     * Does nothing until {@link #start()}.
     *
     * @param client the cluster; stays the caller's to close, after this
     * @param memory who takes it over
     * @param defaultRegistry the registry of names that carry none
     */
    public WarmStart(KubernetesClient client, ImageMemory memory, String defaultRegistry, Clock clock) {
        this.client = Objects.requireNonNull(client, "client");
        this.memory = Objects.requireNonNull(memory, "memory");
        this.recollector = new Recollector(memory, defaultRegistry, clock);
        this.thread = new Thread(this::run, "stowage-warm-start");
        this.thread.setDaemon(true);
    }

    /** Starts; returns at once. */
    public void start() {
        startedAt = System.nanoTime();
        thread.start();
    }

    /** Whether there is nothing more to wait for: it is done, cannot be done, or takes too long. */
    public boolean settled() {
        return done.getCount() == 0 || System.nanoTime() - startedAt > PATIENCE.toNanos();
    }

    /** How it stands, in words. */
    public String state() {
        return state;
    }

    private void run() {
        try {
            if (awaitKey()) {
                takeOver();
            }
        } catch (KubernetesClientException e) {
            giveUp(reason(e));
        } catch (RuntimeException e) {
            giveUp(e.toString());
        } finally {
            done.countDown();
        }
    }

    /** The key comes with the certificate, which a replica needs anyway before it is ready. */
    private boolean awaitKey() {
        try {
            while (memory.key().isEmpty()) {
                if (closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    return false;
                }
            }
            return closed.getCount() > 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void takeOver() {
        int all = 0;
        int taken = 0;
        String next = null;
        do {
            KubernetesResourceList<ImageReport> page = client.resources(ImageReport.class)
                    .inAnyNamespace()
                    .list(new ListOptionsBuilder()
                            .withLimit(PAGE)
                            .withContinue(next)
                            .build());
            for (ImageReport report : page.getItems()) {
                all++;
                taken += recollector.recall(report) ? 1 : 0;
            }
            next = page.getMetadata() == null ? null : page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty() && closed.getCount() > 0);
        state = taken + " of " + all + " reports taken over";
        LOG.log(Level.INFO, "images known from before: {0}", state);
    }

    private void giveUp(String why) {
        state = "not taken over: " + why;
        LOG.log(Level.WARNING, "images known from before are not taken over, registries are asked again: {0}", why);
    }

    private static String reason(KubernetesClientException e) {
        return switch (e.getCode()) {
            case 403 -> "the ServiceAccount lacks the right to list imagereports.stowage.dev";
            case 404 -> "the CRD " + ImageReport.CRD_NAME + " is not installed";
            default -> e.getMessage() == null ? "status " + e.getCode() : e.getMessage();
        };
    }

    /** Gives it up if it is not done. */
    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
