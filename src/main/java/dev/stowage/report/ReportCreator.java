package dev.stowage.report;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.stowage.report.usage.ImageKey;
import dev.stowage.report.usage.UsageIndex;
import dev.stowage.report.write.ReportWriter;
import java.time.Duration;
import java.util.function.Predicate;

/** Creates reports of images that are used, where the namespace may have another one. */
final class ReportCreator {

    /** How long not to try again where users have taken all names of an image's report. */
    private static final Duration NAMES_TAKEN = Duration.ofMinutes(10);

    private final UsageIndex usages;
    private final ReportWriter writer;
    private final Predicate<String> excluded;
    private final Cache<ImageKey, Boolean> namesTaken = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(NAMES_TAKEN)
            .executor(Runnable::run)
            .build();

    /** @param excluded the namespaces that have no reports */
    ReportCreator(UsageIndex usages, ReportWriter writer, Predicate<String> excluded) {
        this.usages = usages;
        this.writer = writer;
        this.excluded = excluded;
    }

    void create(ImageKey key, ReportLimit.Pass pass) {
        if (!excluded.test(key.namespace())
                && namesTaken.getIfPresent(key) == null
                && !usages.usage(key).isEmpty()
                && pass.admit(key)
                && writer.create(key, usages.asWritten(key)) == ReportWriter.Creation.NAMES_TAKEN) {
            namesTaken.put(key, true);
        }
    }
}
