package dev.stowage.config;

import io.smallrye.config.WithDefault;

/** Metrics. */
public interface MetricsConfig {

    /** Whether reviews are counted by namespace, too. */
    @WithDefault("false")
    boolean byNamespace();
}
