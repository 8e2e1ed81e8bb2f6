package dev.stowage.config;

import dev.stowage.config.Converters.Ttl;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What is cached, how long and how much. */
public interface CacheConfig {

    /** How long a tag is used before the registry is asked whether it has moved. */
    @WithDefault("5m")
    @WithConverter(Ttl.class)
    Duration tagTtl();

    /** How long a definite failure is remembered: not found, not allowed, not valid. */
    @WithDefault("30s")
    @WithConverter(Ttl.class)
    Duration negativeTtl();

    /** How long a temporary error is remembered: unavailable, timeout. */
    @WithDefault("5s")
    @WithConverter(Ttl.class)
    Duration errorTtl();

    /** How old an answer may be to be used while its registry is unavailable. */
    @WithDefault("1h")
    @WithConverter(Ttl.class)
    Duration staleIfError();

    /** How many bytes of manifests and configs are kept. */
    @WithDefault("64M")
    MemorySize maxSize();
}
