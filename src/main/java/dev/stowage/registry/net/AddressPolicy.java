package dev.stowage.registry.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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

    /** IPv6 addresses that carry an IPv4 one in their last four bytes: NAT64 and the deprecated compatible form. */
    private static final List<Cidr> CARRIERS = ranges("64:ff9b::/96", "::/96");

    public AddressPolicy {
        allowed = List.copyOf(allowed);
        denied = List.copyOf(denied);
    }

    /** Why this address may not be contacted, as one clause; empty when it may. */
    public Optional<String> refusal(InetAddress address) {
        InetAddress target = carried(address);
        if (in(NEVER, target)) {
            return Optional.of("a link-local, metadata or reserved address, which no image pull should reach");
        }
        if (in(denied, target)) {
            return Optional.of("a denied address range");
        }
        if (in(allowed, target)) {
            return Optional.empty();
        }
        if (!loopback && target.isLoopbackAddress()) {
            return Optional.of("a loopback address");
        }
        return !privateNetworks && in(PRIVATE, target) ? Optional.of("a private address") : Optional.empty();
    }

    private static InetAddress carried(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != 16
                || address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || !in(CARRIERS, address)) {
            return address;
        }
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, 16));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private static boolean in(List<Cidr> ranges, InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    private static List<Cidr> ranges(String... ranges) {
        return Stream.of(ranges).map(Cidr::parse).toList();
    }
}
