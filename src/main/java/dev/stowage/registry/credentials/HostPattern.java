package dev.stowage.registry.credentials;

import java.util.List;

/**
 * A host as the kubelet compares hosts: by the parts between its dots, and by its port.
 *
 * @param parts the parts, at least one; an IPv6 address with a port stands without brackets, one without a port within them
 * @param port the port as written; empty when there is none
 */
record HostPattern(List<String> parts, String port) {

    HostPattern {
        parts = List.copyOf(parts);
    }

    /** Takes a host apart as Go's {@code net.SplitHostPort} does; where that finds no port, everything is the host. */
    static HostPattern of(String host) {
        int colon = host.lastIndexOf(':');
        String name = host.substring(0, Math.max(0, colon));
        boolean bracketed = name.startsWith("[") && name.indexOf(']') == name.length() - 1;
        if (bracketed) {
            name = name.substring(1, name.length() - 1);
        }
        boolean separable = colon >= 0
                && name.indexOf('[') < 0
                && name.indexOf(']') < 0
                && (bracketed || name.indexOf(':') < 0)
                && host.indexOf('[', colon) < 0
                && host.indexOf(']', colon) < 0;
        return separable ? new HostPattern(split(name), host.substring(colon + 1)) : new HostPattern(split(host), "");
    }

    private static List<String> split(String name) {
        return List.of(name.split("\\.", -1));
    }
}
