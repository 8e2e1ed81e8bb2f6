package dev.stowage.registry;

import dev.stowage.registry.net.AddressPolicy;
import dev.stowage.registry.net.Proxies;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The settings of the registry client.
 *
 * @param rules rules for single registries; where several match, the most specific one counts
 * @param userAgent product and version, as the {@code User-Agent} header has them
 * @param connectTimeout the timeout of a connection
 * @param requestTimeout the timeout of one request, unless a rule contains another
 * @param maxInFlight the most requests to a host at a time, unless a rule contains another
 * @param addresses which addresses may be contacted
 * @param proxies through which proxies
 * @param trusted authorities to trust for all registries, next to those of the Java runtime and of a rule
 */
public record RegistrySettings(
        List<RegistryRule> rules,
        String userAgent,
        Duration connectTimeout,
        Duration requestTimeout,
        int maxInFlight,
        AddressPolicy addresses,
        Proxies proxies,
        TrustedAuthorities trusted) {

    /** No rules, no proxies, every address that a local machine may contact, 5 s to connect, 30 s for a request, 16 at a time. */
    public static final RegistrySettings DEFAULT = new RegistrySettings(
            List.of(),
            "stowage",
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            16,
            AddressPolicy.LOCAL,
            Proxies.NONE,
            TrustedAuthorities.NONE);

    public RegistrySettings {
        rules = rules.stream().sorted(RegistryRule::moreSpecificFirst).toList();
        Objects.requireNonNull(userAgent, "userAgent");
        Objects.requireNonNull(addresses, "addresses");
        Objects.requireNonNull(proxies, "proxies");
        Objects.requireNonNull(trusted, "trusted");
        if (connectTimeout.compareTo(Duration.ZERO) <= 0 || requestTimeout.compareTo(Duration.ZERO) <= 0) {
            throw new IllegalArgumentException("timeouts are positive");
        }
        if (maxInFlight <= 0) {
            throw new IllegalArgumentException("maxInFlight is positive");
        }
    }

    /** The same settings with these rules. */
    public RegistrySettings withRules(RegistryRule... rules) {
        return new RegistrySettings(
                List.of(rules), userAgent, connectTimeout, requestTimeout, maxInFlight, addresses, proxies, trusted);
    }

    /** The same settings with this policy for addresses. */
    public RegistrySettings withAddresses(AddressPolicy addresses) {
        return new RegistrySettings(
                rules, userAgent, connectTimeout, requestTimeout, maxInFlight, addresses, proxies, trusted);
    }

    /** The same settings with these proxies. */
    public RegistrySettings withProxies(Proxies proxies) {
        return new RegistrySettings(
                rules, userAgent, connectTimeout, requestTimeout, maxInFlight, addresses, proxies, trusted);
    }

    /** The same settings with these authorities. */
    public RegistrySettings withTrusted(TrustedAuthorities trusted) {
        return new RegistrySettings(
                rules, userAgent, connectTimeout, requestTimeout, maxInFlight, addresses, proxies, trusted);
    }

    /** The rule for a registry, or for a host with its port; empty when none matches. */
    public Optional<RegistryRule> rule(String registry) {
        return rules.stream().filter(rule -> rule.matches(registry)).findFirst();
    }
}
