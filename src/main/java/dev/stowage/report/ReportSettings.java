package dev.stowage.report;

import dev.stowage.config.ReportsConfig;
import dev.stowage.config.Settings;
import dev.stowage.config.StowageConfig;
import dev.stowage.report.export.ExportFormat;
import dev.stowage.report.export.ExportSettings;
import dev.stowage.text.Glob;
import dev.stowage.workload.WorkloadSettings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How reports are kept.
 *
 * @param defaultRegistry the registry of image names that carry none
 * @param retention how long a report stays that nothing uses
 * @param refresh how often tags are checked again
 * @param maxConcurrentScans how many images are scanned at a time
 * @param maxPerNamespace how many reports Stowage creates in a namespace
 * @param excluded the namespaces that have no reports
 * @param workloads kinds beyond Kubernetes' own whose objects contain pods, and placeholders for images
 * @param export how reports are exported; empty if they are not
 * @param lease the Lease by which one replica becomes the leader
 */
public record ReportSettings(
        String defaultRegistry,
        Duration retention,
        Duration refresh,
        int maxConcurrentScans,
        int maxPerNamespace,
        Predicate<String> excluded,
        WorkloadSettings workloads,
        Optional<ExportSettings> export,
        LeaseSettings lease) {

    private static final String CONTROL_PLANE = "kube-system";

    /**
     * The leader's Lease.
     *
     * @param namespace its namespace
     * @param name its name
     * @param identity what this replica calls itself; no two may share it
     * @param duration how long other replicas wait for a leader that no longer renews it
     * @param renewal within what time a leader has to renew it, or gives up
     * @param retry how often all try
     */
    public record LeaseSettings(
            String namespace, String name, String identity, Duration duration, Duration renewal, Duration retry) {
        public LeaseSettings {
            Objects.requireNonNull(namespace, "namespace");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(identity, "identity");
            if (duration.compareTo(renewal) <= 0 || renewal.compareTo(retry) <= 0) {
                throw new IllegalArgumentException(
                        "a lease lasts longer than its renewal takes, and that longer than a retry");
            }
        }

        /** With the times that Kubernetes' own controllers use. */
        public static LeaseSettings usual(String namespace, String name, String identity) {
            return new LeaseSettings(
                    namespace, name, identity, Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
        }
    }

    public ReportSettings {
        Objects.requireNonNull(defaultRegistry, "defaultRegistry");
        Objects.requireNonNull(excluded, "excluded");
        Objects.requireNonNull(workloads, "workloads");
        Objects.requireNonNull(export, "export");
        Objects.requireNonNull(lease, "lease");
        if (retention.isNegative()
                || refresh.isNegative()
                || refresh.isZero()
                || maxConcurrentScans < 1
                || maxPerNamespace < 1) {
            throw new IllegalArgumentException(
                    "retention must not be negative; refresh, maxConcurrentScans and maxPerNamespace must be positive");
        }
    }

    /** As configured; the control plane's namespace and that of the Lease, which is Stowage's own, have no reports. */
    public static ReportSettings of(StowageConfig config, LeaseSettings lease) {
        Set<String> always = Set.of(CONTROL_PLANE, lease.namespace());
        List<Glob> globs = Settings.unreportedOf(config);
        return new ReportSettings(
                config.defaultRegistry(),
                config.reports().retention(),
                config.reports().refreshInterval(),
                config.reports().maxConcurrentScans(),
                config.reports().maxPerNamespace(),
                namespace -> always.contains(namespace) || globs.stream().anyMatch(glob -> glob.matches(namespace)),
                Settings.workloadsOf(config),
                format(config.reports().export()).map(format -> ExportSettings.of(format, Settings.policyOf(config))),
                lease);
    }

    private static Optional<ExportFormat> format(ReportsConfig.Export export) {
        return switch (export) {
            case NONE -> Optional.empty();
            case OPENREPORTS -> Optional.of(ExportFormat.OPENREPORTS);
            case POLICYREPORT -> Optional.of(ExportFormat.POLICYREPORT);
        };
    }
}
