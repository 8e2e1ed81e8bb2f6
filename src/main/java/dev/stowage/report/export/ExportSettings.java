package dev.stowage.report.export;

import dev.stowage.policy.PolicyConfig;
import java.time.Duration;
import java.util.Objects;

/**
 * How reports are exported.
 *
 * @param format the API
 * @param policy says which images are exempt, and for which workloads one node is enough
 * @param lookUp how often the API server is asked whether it has the API
 */
public record ExportSettings(ExportFormat format, PolicyConfig policy, Duration lookUp) {

    private static final Duration USUAL = Duration.ofMinutes(1);

    public ExportSettings {
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(lookUp, "lookUp");
    }

    /** With a look-up once a minute. */
    public static ExportSettings of(ExportFormat format, PolicyConfig policy) {
        return new ExportSettings(format, policy, USUAL);
    }
}
