package dev.stowage.registry.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;

/**
 * A range of IP addresses in CIDR notation, such as {@code 10.0.0.0/8} or {@code fd00::/8}.
 *
 * @param network any address of the range
 * @param bits how many leading bits decide; at most 32 for IPv4 and 128 for IPv6
 */
public record Cidr(InetAddress network, int bits) {

    private static final String LITERAL = "[0-9a-fA-F:.]+";

    public Cidr {
        Objects.requireNonNull(network, "network");
        if (bits < 0 || bits > network.getAddress().length * 8) {
            throw new IllegalArgumentException(bits + " is not a valid prefix length for " + network.getHostAddress());
        }
    }

    /**
     * Reads a range; an address alone is the range of that one address.
     *
     * @throws IllegalArgumentException when the text is not a range; names are never looked up
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (!address.matches(LITERAL)) {
            throw notRange(text);
        }
        try {
            InetAddress network = InetAddress.getByName(address);
            int length = network.getAddress().length * 8;
            // Java takes ::ffff:10.0.0.0 for the IPv4 address that it stands for
            int mapped = address.indexOf(':') >= 0 && length == 32 ? 96 : 0;
            int bits = slash < 0 ? length : Integer.parseInt(text.substring(slash + 1)) - mapped;
            return new Cidr(network, bits);
        } catch (UnknownHostException | NumberFormatException e) {
            throw notRange(text);
        }
    }

    private static IllegalArgumentException notRange(String text) {
        return new IllegalArgumentException("not an address range such as 10.0.0.0/8: " + text);
    }

    /** Whether the address lies in this range; one of the other IP version never does. */
    public boolean contains(InetAddress address) {
        return contains(address.getAddress());
    }

    boolean contains(byte[] theirs) {
        byte[] ours = network.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if (((ours[bit / 8] ^ theirs[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + bits;
    }
}
