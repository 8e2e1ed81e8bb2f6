package dev.stowage.config;

import dev.stowage.config.Converters.PositiveDuration;
import dev.stowage.config.Converters.PositiveInteger;
import dev.stowage.config.Converters.PositiveNumber;
import dev.stowage.registry.Mirror;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The settings of one registry. */
public interface RegistryConfig {

    /**
     * Hosts or base URLs that are tried first, in order, before the registry itself; with {@code team/ ->} before it, one that has
     * the repositories below {@code team/} only.
     */
    Optional<List<Mirror>> mirrors();

    /** Whether it speaks plain HTTP. */
    Optional<Boolean> insecure();

    /** Certificates of authorities to trust in addition to the usual ones: PEM, or the path of a PEM file. */
    Optional<Certificates> ca();

    /** The timeout of one request. */
    Optional<@WithConverter(PositiveDuration.class) Duration> timeout();

    /** Whether it is never contacted. */
    @WithDefault("false")
    boolean blocked();

    /** The most requests a second. */
    Optional<@WithConverter(PositiveNumber.class) Double> maxRequestsPerSecond();

    /** The most requests at the same time. */
    Optional<@WithConverter(PositiveInteger.class) Integer> maxConcurrentRequests();
}
