package dev.stowage.registry.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * IPv4 addresses in IPv6 addresses: a packet to such an IPv6 address may arrive at the IPv4 one, through a translator, a tunnel or
 * the host itself.
 */
final class EmbeddedAddress {

    /** Java takes the notation of such an address for IPv4, but name services return it as IPv6. */
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private static final Cidr COMPATIBLE = Cidr.parse("::/96");
    private static final Cidr TRANSLATED = Cidr.parse("::ffff:0:0:0/96");
    private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");
    private static final Cidr LOCAL_NAT64 = Cidr.parse("64:ff9b:1::/48");
    private static final Cidr SIX_TO_FOUR = Cidr.parse("2002::/16");
    private static final Cidr TEREDO = Cidr.parse("2001::/32");

    /** The positions of the four bytes for each length of a prefix of RFC 6052; after them the address is zero. */
    private static final int[][] PREFIX_48_TO_96 = {{6, 7, 9, 10}, {7, 9, 10, 11}, {9, 10, 11, 12}, {12, 13, 14, 15}};

    private EmbeddedAddress() {}

    /** The address itself, unless it is only another notation of an IPv4 one, and the IPv4 addresses in it. */
    static Set<InetAddress> formsOf(InetAddress address) {
        byte[] bytes = address.getAddress();
        Set<InetAddress> forms = new LinkedHashSet<>();
        if (bytes.length != 16 || !isMapped(bytes)) {
            forms.add(address);
        }
        if (bytes.length == 16 && !address.isLoopbackAddress() && !address.isAnyLocalAddress()) {
            embedded(bytes).forEach(ipv4 -> forms.add(of(ipv4)));
        }
        return forms;
    }

    private static List<byte[]> embedded(byte[] bytes) {
        boolean last = isMapped(bytes)
                || COMPATIBLE.contains(bytes)
                || TRANSLATED.contains(bytes)
                || NAT64.contains(bytes)
                || isIsatap(bytes);
        if (last) {
            return List.of(Arrays.copyOfRange(bytes, 12, 16));
        }
        if (SIX_TO_FOUR.contains(bytes)) {
            return List.of(Arrays.copyOfRange(bytes, 2, 6));
        }
        if (TEREDO.contains(bytes)) {
            byte[] client = Arrays.copyOfRange(bytes, 12, 16);
            for (int i = 0; i < client.length; i++) {
                client[i] ^= (byte) 0xff;
            }
            return List.of(Arrays.copyOfRange(bytes, 4, 8), client);
        }
        return LOCAL_NAT64.contains(bytes) ? ofLocalPrefix(bytes) : List.of();
    }

    private static boolean isMapped(byte[] bytes) {
        return Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
    }

    /** RFC 5214: the interface identifier is 0:5efe or 200:5efe and the IPv4 address. */
    private static boolean isIsatap(byte[] bytes) {
        return (bytes[8] & 0xfd) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == (byte) 0xfe;
    }

    /** Which prefix a network uses below this one is its own choice, so all that the address can stand for count. */
    private static List<byte[]> ofLocalPrefix(byte[] bytes) {
        List<byte[]> all = new ArrayList<>();
        for (int[] positions : PREFIX_48_TO_96) {
            byte[] ipv4 = new byte[4];
            for (int i = 0; i < 4; i++) {
                ipv4[i] = bytes[positions[i]];
            }
            int end = positions[3] + 1;
            boolean fits = bytes[8] == 0 && Arrays.equals(bytes, end, 16, new byte[16 - end], 0, 16 - end);
            if (fits && ipv4[0] != 0) {
                all.add(ipv4);
            }
        }
        return all.isEmpty() ? List.of(Arrays.copyOfRange(bytes, 12, 16)) : all;
    }

    private static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are addresses", e);
        }
    }
}
