package dev.stowage.report;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.stowage.report.usage.ImageKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * Limits how many reports Stowage creates in a namespace: users choose how many images they name. The images beyond the limit have no
 * report; the log names the namespace once, and a metric counts them.
 */
final class ReportLimit {

    private static final Logger LOG = System.getLogger(ReportLimit.class.getName());

    /** Limited too: beyond it a namespace may be logged again. */
    private static final int MAX_LOGGED = 10_000;

    private final int max;
    private final Cache<String, Boolean> logged = Caffeine.newBuilder()
            .maximumSize(MAX_LOGGED)
            .executor(Runnable::run)
            .build();
    private volatile int omitted;

    /** @param max how many reports a namespace may have */
    ReportLimit(int max) {
        this.max = max;
    }

    /** Starts a pass over images without a report. */
    Pass pass(ToIntFunction<String> existing) {
        return new Pass(existing);
    }

    /** How many images had no report after the last complete pass because their namespace has too many. */
    int omitted() {
        return omitted;
    }

    /** One pass; counts what it lets in, since new reports are seen with a delay. */
    final class Pass {

        private final ToIntFunction<String> existing;
        private final Map<String, Integer> reports = new HashMap<>();
        private int refused;

        private Pass(ToIntFunction<String> existing) {
            this.existing = existing;
        }

        /** Whether the image may have a report; if so, it counts as created. */
        boolean admit(ImageKey key) {
            int before = reports.computeIfAbsent(key.namespace(), existing::applyAsInt);
            if (before < max) {
                reports.put(key.namespace(), before + 1);
                return true;
            }
            refused++;
            if (logged.asMap().putIfAbsent(key.namespace(), true) == null) {
                LOG.log(
                        Level.WARNING,
                        "namespace {0} has {1} ImageReports, no more are created; reports.maxPerNamespace sets the limit",
                        key.namespace(),
                        before);
            }
            return false;
        }

        /** All images were seen. */
        void complete() {
            omitted = refused;
        }
    }
}
