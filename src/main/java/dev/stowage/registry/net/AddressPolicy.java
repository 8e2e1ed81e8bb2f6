package dev.stowage.registry.net;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which addresses may be contacted. Registries, their redirects and their token realms are named by users and by strangers, so
 * what no image pull should reach is refused: link-local and cloud metadata addresses always, others as configured.
 *
 * @param loopback whether loopback addresses may be contacted
 * @param privateNetworks whether private ones (RFC 1918, RFC 6598, RFC 4193) may be contacted
 * @param allowed exceptions from the two switches
 * @param denied further ranges that may not be contacted; they win over every permission
 */
public record AddressPolicy(boolean loopback, boolean privateNetworks, List<Cidr> allowed, List<Cidr> denied) {

    /** Loopback and private networks may be contacted, as the command line needs it. */
    public static final AddressPolicy LOCAL = new AddressPolicy(true, true, List.of(), List.of());

    /** Private networks may be contacted, loopback not: inside a cluster that would be Stowage's own pod. */
    public static final AddressPolicy CLUSTER = new AddressPolicy(false, true, List.of(), List.of());

    /** Link-local, the metadata services of clouds, "this network", multicast and broadcast. */
    private static final List<Cidr> NEVER = ranges(
            "169.254.0.0/16",
            "fe80::/10",
            "fd00:ec2::/32",
            "fd20:ce::254",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "0.0.0.0/8",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/128",
            "ff00::/8");

    private static final List<Cidr> PRIVATE =
            ranges("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10");

    public AddressPolicy {
        allowed = List.copyOf(allowed);
        denied = List.copyOf(denied);
    }

    /**
     * Why this address may not be contacted, as one clause; empty when it may. An IPv6 address with an IPv4 address in it must be
     * allowed in both forms.
     */
    public Optional<String> refusal(InetAddress address) {
        Set<InetAddress> forms = EmbeddedAddress.formsOf(address);
        if (forms.stream().anyMatch(form -> in(NEVER, form))) {
            return Optional.of("a link-local, metadata or reserved address, which no image pull should reach");
        }
        if (forms.stream().anyMatch(form -> in(denied, form))) {
            return Optional.of("a denied address range");
        }
        if (in(allowed, address)) {
            return Optional.empty();
        }
        return forms.stream()
                .filter(form -> !in(allowed, form))
                .map(this::switchedOff)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<String> switchedOff(InetAddress address) {
        if (!loopback && address.isLoopbackAddress()) {
            return Optional.of("a loopback address");
        }
        return !privateNetworks && in(PRIVATE, address) ? Optional.of("a private address") : Optional.empty();
    }

    private static boolean in(List<Cidr> ranges, InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    private static List<Cidr> ranges(String... ranges) {
        return Stream.of(ranges).map(Cidr::parse).toList();
    }
}
