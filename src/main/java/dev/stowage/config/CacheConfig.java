package dev.stowage.config;

import dev.stowage.config.Converters.Ttl;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The caches. */
public interface CacheConfig {

    /** How long a tag is used before Stowage checks whether it has moved. */
    @WithDefault("5m")
    @WithConverter(Ttl.class)
    Duration tagTtl();

    /** How long a definite failure is cached: not found, unauthorized, invalid. */
    @WithDefault("30s")
    @WithConverter(Ttl.class)
    Duration negativeTtl();

    /** How long a temporary error is cached: unavailable, timeout. */
    @WithDefault("5s")
    @WithConverter(Ttl.class)
    Duration errorTtl();

    /** The greatest age of a cached response that is used while its registry is unavailable. */
    @WithDefault("1h")
    @WithConverter(Ttl.class)
    Duration staleIfError();

    /** The size of the cache of manifests and configs. */
    @WithDefault("64M")
    MemorySize maxSize();
}
