package dev.stowage.registry;

import dev.stowage.text.Glob;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The settings for the registries of one name, or of one pattern of names.
 *
 * @param host the registry's host with port where references write one ({@code docker.io}, {@code reg.example.com:5000}),
 *     or a pattern in which {@code *} stands for any characters ({@code *.example.com}); case does not matter
 * @param mirrors hosts to try before the registry itself, in order
 * @param insecure true for plain http, false for https; empty for the default: https, but http for loopback hosts
 * @param trusted certificate authorities to trust next to those of the Java runtime
 * @param timeout the timeout of one request; empty for the default of the settings
 * @param blocked whether these registries are never contacted
 * @param maxRequestsPerSecond an upper bound for requests to each host; empty for none
 * @param maxInFlight the most requests to each host at a time; empty for the default of the settings
 */
public record RegistryRule(
        String host,
        List<Mirror> mirrors,
        Optional<Boolean> insecure,
        List<X509Certificate> trusted,
        Optional<Duration> timeout,
        boolean blocked,
        OptionalDouble maxRequestsPerSecond,
        OptionalInt maxInFlight) {

    public RegistryRule {
        Objects.requireNonNull(insecure, "insecure");
        Objects.requireNonNull(timeout, "timeout");
        host = host.toLowerCase(Locale.ROOT);
        mirrors = List.copyOf(mirrors);
        trusted = List.copyOf(trusted);
        if (timeout.filter(t -> t.isZero() || t.isNegative()).isPresent()) {
            throw new IllegalArgumentException("timeout of " + host + " is not positive");
        }
        if (maxRequestsPerSecond.orElse(1) <= 0 || maxInFlight.orElse(1) <= 0) {
            throw new IllegalArgumentException("limits of " + host + " are not positive");
        }
    }

    /** A rule for this host or pattern that changes nothing yet. */
    public static RegistryRule of(String host) {
        return new RegistryRule(
                host,
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                false,
                OptionalDouble.empty(),
                OptionalInt.empty());
    }

    /** The same rule with these mirrors. */
    public RegistryRule withMirrors(Mirror... mirrors) {
        return new RegistryRule(
                host, List.of(mirrors), insecure, trusted, timeout, blocked, maxRequestsPerSecond, maxInFlight);
    }

    /** The same rule for plain http, or for https. */
    public RegistryRule withInsecure(boolean insecure) {
        return new RegistryRule(
                host, mirrors, Optional.of(insecure), trusted, timeout, blocked, maxRequestsPerSecond, maxInFlight);
    }

    /** The same rule with these additional certificate authorities. */
    public RegistryRule withTrusted(List<X509Certificate> trusted) {
        return new RegistryRule(host, mirrors, insecure, trusted, timeout, blocked, maxRequestsPerSecond, maxInFlight);
    }

    /** The same rule with this time for one request. */
    public RegistryRule withTimeout(Duration timeout) {
        return new RegistryRule(
                host, mirrors, insecure, trusted, Optional.of(timeout), blocked, maxRequestsPerSecond, maxInFlight);
    }

    /** The same rule for registries that are never contacted. */
    public RegistryRule blocking() {
        return new RegistryRule(host, mirrors, insecure, trusted, timeout, true, maxRequestsPerSecond, maxInFlight);
    }

    /** The same rule with these limits. */
    public RegistryRule withLimits(OptionalDouble maxRequestsPerSecond, OptionalInt maxInFlight) {
        return new RegistryRule(host, mirrors, insecure, trusted, timeout, blocked, maxRequestsPerSecond, maxInFlight);
    }

    /** Whether this rule is for that registry: the whole name, port included, never a part of it. */
    boolean matches(String registry) {
        String name = registry.toLowerCase(Locale.ROOT);
        return isExact() ? host.equals(name) : new Glob(host).matches(name);
    }

    /** Exact names before patterns, long patterns before short ones. */
    static int moreSpecificFirst(RegistryRule one, RegistryRule other) {
        if (one.isExact() != other.isExact()) {
            return one.isExact() ? -1 : 1;
        }
        return Integer.compare(other.host.length(), one.host.length());
    }

    private boolean isExact() {
        return host.indexOf('*') < 0;
    }
}
