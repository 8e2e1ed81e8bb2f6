package dev.stowage.report;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.admission.AdmissionEvent;
import dev.stowage.admission.AdmissionObserver;
import dev.stowage.image.Printable;
import dev.stowage.message.DenialMessage;
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
import java.util.function.Predicate;

/**
 * Records denied admissions in reports. For the webhook that is an entry in a map: denials of one image are one entry with a count,
 * the number of entries is limited, and a periodic task writes them. Each replica writes its own denials; the leader adds the rest of
 * the status.
 */
final class DenialRecorder implements AdmissionObserver {

    private static final int MAX_WAITING = 1_000;

    /** A tenant that makes up image names must not fill the cluster with reports. */
    private static final int MAX_NEW_IMAGES = 100;

    private static final Duration LIMIT_PERIOD = Duration.ofHours(1);
    private static final Duration WRITE_INTERVAL = Duration.ofSeconds(10);

    private record Entry(String image, ImageReportStatus.Denial denial) {}

    private final String defaultRegistry;
    private final Predicate<String> excluded;
    private final Clock clock;
    private final Runnable dropped;
    private final Map<ImageKey, Entry> waiting = new LinkedHashMap<>();
    private final Cache<ImageKey, Boolean> written;
    private final Cache<ImageKey, Boolean> known;
    private final Cache<String, AtomicInteger> newImages;

    /**
     * @param defaultRegistry the registry of image names without one
     * @param excluded the namespaces that have no reports
     * @param ticker the time for the limits
     * @param dropped is notified of each denial beyond the limits
     */
    DenialRecorder(String defaultRegistry, Predicate<String> excluded, Clock clock, Ticker ticker, Runnable dropped) {
        this.defaultRegistry = defaultRegistry;
        this.excluded = excluded;
        this.clock = clock;
        this.dropped = dropped;
        this.written = cache(ticker, WRITE_INTERVAL);
        this.known = cache(ticker, LIMIT_PERIOD);
        this.newImages = cache(ticker, LIMIT_PERIOD);
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
        event.policy().forEach(policyDecision -> {
            String name = policyDecision.assessment().workload().name();
            String workload = event.kind() + "/" + (name.isEmpty() ? event.name() : Printable.of(name));
            for (ImageDecision refused : policyDecision.deniedImages()) {
                String why = DenialMessage.inShort(refused, policyDecision);
                record(event.namespace(), refused.uses().get(0).image(), workload, why);
            }
        });
    }

    private void record(String namespace, String image, String workload, String why) {
        if (namespace.isEmpty() || excluded.test(namespace) || !ImageKey.reportable(image)) {
            return;
        }
        ImageKey key = ImageKey.of(namespace, image, defaultRegistry);
        String time = Timestamps.text(clock.instant());
        synchronized (waiting) {
            Entry before = waiting.get(key);
            if (before == null && (waiting.size() >= MAX_WAITING || !allowed(key))) {
                dropped.run();
                return;
            }
            long count = before == null ? 1 : before.denial().count() + 1;
            waiting.put(
                    key,
                    new Entry(
                            image,
                            new ImageReportStatus.Denial(
                                    time, StatusText.bounded(workload, 320), count, StatusText.bounded(why, 256))));
        }
    }

    private boolean allowed(ImageKey key) {
        if (known.getIfPresent(key) != null) {
            return true;
        }
        if (newImages.get(key.namespace(), first -> new AtomicInteger()).incrementAndGet() > MAX_NEW_IMAGES) {
            return false;
        }
        known.put(key, true);
        return true;
    }

    /**
     * Writes the denials that wait, except those of images whose report was written in the last seconds.
     *
     * @param mayCreate whether an image may have a report, if it has none
     */
    void flush(ReportWriter writer, Predicate<ImageKey> mayCreate) {
        for (ImageKey key : due()) {
            Optional<Entry> entry;
            synchronized (waiting) {
                entry = Optional.ofNullable(waiting.remove(key));
            }
            entry.ifPresent(found -> {
                written.put(key, true);
                if (!writer.deny(key, found.image(), found.denial(), mayCreate)) {
                    dropped.run();
                }
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
