package dev.stowage.registry;

import dev.stowage.image.Repository;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One host at which a repository is requested: its registry, or a mirror of it.
 *
 * @param authority host, with port where it has its own
 * @param plain whether it uses plain HTTP
 * @param path the repository's path there
 * @param mirrorOf the registry whose mirror this is; empty for the registry itself
 * @param rule its settings
 */
record Endpoint(String authority, boolean plain, String path, String mirrorOf, RegistryRule rule) {

    private static final String HUB_HOST = "registry-1.docker.io";
    private static final Pattern AUTHORITY =
            Pattern.compile("([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");
    private static final Pattern PATH = Pattern.compile("[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*");
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    /** The hosts that serve a repository, in order; empty when the repository's name is not valid. */
    static List<Endpoint> of(Repository repository, RegistrySettings settings) {
        String registry = repository.registry();
        if (!isAuthority(registry) || !isPath(repository.path())) {
            return List.of();
        }
        RegistryRule rule = settings.rule(registry).orElseGet(() -> RegistryRule.of(registry));
        List<Endpoint> endpoints = new ArrayList<>();
        for (Mirror mirror : rule.mirrors()) {
            RegistryRule own = settings.rule(mirror.host())
                    .orElseGet(() -> RegistryRule.of(mirror.host()).withTrusted(rule.trusted()));
            mirror.path(repository.path())
                    .filter(path -> !own.blocked() && isPath(path))
                    .ifPresent(path -> endpoints.add(new Endpoint(
                            mirror.host(),
                            plain(mirror.host(), mirror.insecure().or(own::insecure)),
                            path,
                            registry,
                            own)));
        }
        String host = Repository.DOCKER_HUB.equals(registry) ? HUB_HOST : registry;
        endpoints.add(new Endpoint(host, plain(host, rule.insecure()), repository.path(), "", rule));
        return endpoints;
    }

    private static boolean plain(String authority, Optional<Boolean> insecure) {
        return insecure.orElseGet(() -> isLoopback(hostOf(authority)));
    }

    /** The address of a manifest or blob. */
    URI uri(String what, String target) {
        String query = mirrorOf.isEmpty() ? "" : "?ns=" + mirrorOf;
        return URI.create(
                (plain ? "http://" : "https://") + authority + "/v2/" + path + "/" + what + "/" + target + query);
    }

    /** How the host is called in messages. */
    String label() {
        return mirrorOf.isEmpty() ? authority : authority + ", a mirror of " + mirrorOf;
    }

    static boolean isAuthority(String text) {
        return text.length() <= 255
                && AUTHORITY.matcher(text).matches()
                && URI.create("https://" + text).getHost() != null;
    }

    /** Whether this could be the path of a repository. */
    static boolean isPath(String text) {
        return PATH.matcher(text).matches();
    }

    /** Whether a host, without port, is this machine by its name alone. */
    static boolean isLoopback(String host) {
        String bare = bare(host).toLowerCase(Locale.ROOT);
        return "localhost".equals(bare)
                || "::1".equals(bare)
                || bare.startsWith("127.") && LITERAL.matcher(bare).matches();
    }

    /** Whether a host, without brackets, is an address rather than a name. */
    static boolean isLiteral(String host) {
        return LITERAL.matcher(host).matches();
    }

    /** A host without the brackets of an IPv6 address. */
    static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    }

    /** Host and port of an address, the port only where it is not the usual one. */
    static String authorityOf(URI uri) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        return uri.getPort() < 0 ? host : host + ":" + uri.getPort();
    }

    /** Whether credentials for one address may go to the other: same scheme, host and port. */
    static boolean sameOrigin(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && port(one) == port(other);
    }

    static String hostOf(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
    }
}
