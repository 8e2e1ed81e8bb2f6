package dev.stowage.report;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.admission.AdmissionEvent;
import dev.stowage.admission.AdmissionObserver;
import dev.stowage.image.Printable;
import dev.stowage.policy.ImageDecision;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.status.StatusText;
import dev.stowage.report.status.Timestamps;
import dev.stowage.report.usage.ImageKey;
import dev.stowage.report.write.ReportWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes denied admissions from the webhook to the reports. Taking one costs the answer no more than an entry in a map: denials of
 * one image are one entry with a count, the entries are bounded, and a task writes them when the API server has time. Any replica
 * writes what it denied; the leader sees the report and completes it.
 */
final class DenialRecorder implements AdmissionObserver {

    private static final int ROOM = 1_000;

    /** A tenant's imagination of image names must not fill the cluster with reports. */
    private static final int IMAGES_OF_A_NAMESPACE = 100;

    private static final Duration WHILE = Duration.ofHours(1);
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(10);

    private record Entry(String image, ImageReportStatus.Denial denial) {}

    private final String defaultRegistry;
    private final Clock clock;
    private final Runnable dropped;
    private final Map<ImageKey, Entry> waiting = new LinkedHashMap<>();
    private final Cache<ImageKey, Boolean> written;
    private final Cache<ImageKey, Boolean> known;
    private final Cache<String, AtomicInteger> newImages;

    /**
     * @param defaultRegistry the registry of names that carry none
     * @param ticker the time, for when a report is written again
     * @param dropped is notified of each denial that there was no room for
     */
    DenialRecorder(String defaultRegistry, Clock clock, Ticker ticker, Runnable dropped) {
        this.defaultRegistry = defaultRegistry;
        this.clock = clock;
        this.dropped = dropped;
        this.written = cache(ticker, AGAIN_AFTER);
        this.known = cache(ticker, WHILE);
        this.newImages = cache(ticker, WHILE);
    }

    private static <K, V> Cache<K, V> cache(Ticker ticker, Duration time) {
        return Caffeine.newBuilder()
                .maximumSize(10_000)
                .expireAfterWrite(time)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public void answered(AdmissionEvent event) {
        if (event.decision() != AdmissionEvent.Decision.DENIED || event.dryRun()) {
            return;
        }
        event.policy().ifPresent(policyDecision -> {
            String name = policyDecision.assessment().workload().name();
            String workload = event.kind() + "/" + (name.isEmpty() ? event.name() : Printable.of(name));
            for (ImageDecision refused : policyDecision.refusals()) {
                take(event.namespace(), refused.uses().get(0).image(), workload);
            }
        });
    }

    private void take(String namespace, String image, String workload) {
        if (namespace.isEmpty() || !ImageKey.reportable(image)) {
            return;
        }
        ImageKey key = ImageKey.of(namespace, image, defaultRegistry);
        String time = Timestamps.text(clock.instant());
        synchronized (waiting) {
            Entry before = waiting.get(key);
            if (before == null && (waiting.size() >= ROOM || !allowed(key))) {
                dropped.run();
                return;
            }
            long count = before == null ? 1 : before.denial().count() + 1;
            waiting.put(
                    key,
                    new Entry(image, new ImageReportStatus.Denial(time, StatusText.bounded(workload, 320), count)));
        }
    }

    private boolean allowed(ImageKey key) {
        if (known.getIfPresent(key) != null) {
            return true;
        }
        if (newImages.get(key.namespace(), first -> new AtomicInteger()).incrementAndGet() > IMAGES_OF_A_NAMESPACE) {
            return false;
        }
        known.put(key, true);
        return true;
    }

    /** Writes what waits; an image whose report was written a moment ago waits on. */
    void flush(ReportWriter writer) {
        for (ImageKey key : due()) {
            Optional<Entry> entry;
            synchronized (waiting) {
                entry = Optional.ofNullable(waiting.remove(key));
            }
            entry.ifPresent(found -> {
                written.put(key, true);
                writer.deny(key, found.image(), found.denial());
            });
        }
    }

    private List<ImageKey> due() {
        List<ImageKey> due;
        synchronized (waiting) {
            due = new ArrayList<>(waiting.keySet());
        }
        due.removeIf(key -> written.getIfPresent(key) != null);
        return due;
    }

    /** How many images wait. */
    int depth() {
        synchronized (waiting) {
            return waiting.size();
        }
    }
}
