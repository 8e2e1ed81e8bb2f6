package dev.stowage.config;

import dev.stowage.config.Converters.Name;
import dev.stowage.config.Converters.PositiveDuration;
import dev.stowage.config.Converters.PositiveInteger;
import dev.stowage.config.Converters.Ttl;
import dev.stowage.text.Glob;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The settings of ImageReports. */
public interface ReportsConfig {

    /** Whether they are kept at all. */
    @WithDefault("true")
    boolean enabled();

    /** How long an unused report is kept. */
    @WithDefault("24h")
    @WithConverter(Ttl.class)
    Duration retention();

    /** How often the images of reports are checked again for moved tags. */
    @WithDefault("1h")
    @WithConverter(PositiveDuration.class)
    Duration refreshInterval();

    /** How many images are scanned at a time, at most half of them for one namespace. */
    @WithDefault("8")
    @WithConverter(PositiveInteger.class)
    int maxConcurrentScans();

    /** Whether a replica that starts takes over the verdicts of reports instead of reading the images again. */
    @WithDefault("true")
    boolean seed();

    /** The most reports that Stowage creates in a namespace. */
    @WithDefault("1000")
    @WithConverter(PositiveInteger.class)
    int maxPerNamespace();

    /** The name of the Lease whose holder updates them, in Stowage's own namespace. */
    @WithDefault("stowage-reports")
    @WithConverter(Name.class)
    String lease();

    /** The API to which reports are exported. */
    @WithDefault("none")
    Export export();

    /** An API to which reports are exported. */
    enum Export {
        /** None. */
        NONE,
        /** {@code Report} (openreports.io). */
        OPENREPORTS,
        /** {@code PolicyReport} (wgpolicyk8s.io). */
        POLICYREPORT
    }

    /** Namespaces without reports, by name or glob, next to those that are exempt. */
    Optional<List<Glob>> excludedNamespaces();
}
