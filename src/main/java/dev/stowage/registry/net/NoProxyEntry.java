package dev.stowage.registry.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;

/**
 * One entry of {@code NO_PROXY}, read as Go's programs do.
 *
 * @param host a name, which stands for its subdomains too; {@code .name} for its subdomains alone; an address; {@code *} for all
 * @param port the port it is limited to; 0 for any
 * @param range a range of addresses; then host and port are unused
 */
record NoProxyEntry(String host, int port, Optional<Cidr> range) {

    static NoProxyEntry parse(String text) {
        String entry = text.toLowerCase(Locale.ROOT);
        if (entry.indexOf('/') >= 0) {
            return new NoProxyEntry("", 0, range(entry));
        }
        String host = entry;
        int port = 0;
        int colon = entry.lastIndexOf(':');
        boolean address = entry.indexOf(':') != colon && entry.indexOf(']') < 0;
        if (colon >= 0 && !address && entry.substring(colon + 1).matches("[0-9]{1,5}")) {
            host = entry.substring(0, colon);
            port = Integer.parseInt(entry.substring(colon + 1));
        }
        host = Authority.withoutBrackets(host);
        return new NoProxyEntry(host.startsWith("*.") ? host.substring(1) : host, port, Optional.empty());
    }

    private static Optional<Cidr> range(String text) {
        try {
            return Optional.of(Cidr.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether this host, without brackets and in lower case, is contacted directly at this port. */
    boolean covers(String host, int port) {
        if (range.isPresent()) {
            return address(host).filter(range.get()::contains).isPresent();
        }
        if (this.host.isEmpty() || this.port != 0 && this.port != port) {
            return false;
        }
        return "*".equals(this.host)
                || this.host.equals(host)
                || host.endsWith(this.host.startsWith(".") ? this.host : "." + this.host)
                || address(this.host)
                        .filter(address -> address(host).filter(address::equals).isPresent())
                        .isPresent();
    }

    /** Names are never looked up. */
    private static Optional<InetAddress> address(String host) {
        try {
            return Authority.isLiteral(host) ? Optional.of(InetAddress.getByName(host)) : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
