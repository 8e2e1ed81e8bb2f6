package dev.stowage.registry.credentials;

import dev.stowage.image.Repository;
import java.util.List;
import java.util.Optional;

/**
 * For which repositories a credential is meant, as a key of a pull secret says it and the kubelet reads it
 * (pkg/credentialprovider/keyring.go): a host, each part of it a shell pattern, and the beginning of a path.
 *
 * <p>Kubelets built with Go 1.25.2 or newer pass over keys with a character class, since their URL parser keeps brackets for
 * IPv6 addresses; older ones honour them, and so does this.
 */
public final class RegistryKey {

    private final String text;
    private final List<String> host;
    private final String port;
    private final String path;

    private RegistryKey(String text, List<String> host, String port, String path) {
        this.text = text;
        this.host = List.copyOf(host);
        this.port = port;
        this.path = path;
    }

    /**
     * Reads a key.
     *
     * @param key the key as it stands in the secret, such as {@code https://example.com/v1/}, {@code *.example.com} or
     *     {@code quay.io/team}
     * @return nothing for a key that the kubelet ignores and for one that cannot match any image
     */
    static Optional<RegistryKey> of(String key) {
        Optional<String> text = RegistryKeyUrl.parse(withoutScheme(key)).map(RegistryKey::normalised);
        // the kubelet parses what it made of the key once more when it matches an image
        Optional<RegistryKeyUrl> location = text.flatMap(RegistryKeyUrl::parse);
        if (location.isEmpty()) {
            return Optional.empty();
        }
        HostPattern host = HostPattern.of(location.get().host());
        return Optional.of(new RegistryKey(
                text.get(), host.parts(), host.port(), location.get().path()));
    }

    /**
     * Reads an entry of {@code matchImages}, which says for which images a credential provider plug-in is run
     * (pkg/credentialprovider/plugin/plugin.go). It is taken as it is: a scheme or an API version in it matches no image.
     *
     * @return nothing for an entry that the kubelet refuses, and for one with a malformed shell pattern, which matches no image
     */
    public static Optional<RegistryKey> ofMatchImage(String entry) {
        Optional<RegistryKeyUrl> location = RegistryKeyUrl.parse(entry);
        if (location.isEmpty()) {
            return Optional.empty();
        }
        HostPattern host = HostPattern.of(location.get().host());
        boolean valid = host.parts().stream().allMatch(part -> GoGlob.of(part).isPresent());
        return valid
                ? Optional.of(new RegistryKey(
                        entry, host.parts(), host.port(), location.get().path()))
                : Optional.empty();
    }

    /** The key without scheme and API version; keys are ordered by it. */
    String text() {
        return text;
    }

    /** Whether the credential is meant for this repository. */
    public boolean matches(Repository repository) {
        HostPattern requested = HostPattern.of(repository.registry());
        if (!port.equals(requested.port()) || host.size() != requested.parts().size()) {
            return false;
        }
        // a plain prefix: quay.io/org serves quay.io/organic too
        if (!("/" + repository.path()).startsWith(path)) {
            return false;
        }
        for (int i = 0; i < host.size(); i++) {
            if (!matches(host.get(i), requested.parts().get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Compiled again each time: patterns are few, while keys may be many and are kept in memory. */
    private static boolean matches(String pattern, String part) {
        return GoGlob.isPlain(pattern)
                ? pattern.equals(part)
                : GoGlob.of(pattern).map(compiled -> compiled.matches(part)).orElse(false);
    }

    private static String withoutScheme(String key) {
        if (key.startsWith("https://")) {
            return key.substring("https://".length());
        }
        return key.startsWith("http://") ? key.substring("http://".length()) : key;
    }

    private static String normalised(RegistryKeyUrl location) {
        String path = location.path();
        if (path.startsWith("/v2/") || path.startsWith("/v1/")) {
            path = path.substring("/v1".length());
        }
        return path.equals("/") ? location.host() : location.host() + path;
    }
}
