package dev.stowage.registry.transport;

import dev.stowage.image.Digest;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.net.Authority;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One HTTP request to be made.
 *
 * @param operation its purpose
 * @param method GET or HEAD; POST for tokens; POST and PUT to push
 * @param uri the target
 * @param headers its headers
 * @param body the body of a POST or PUT, which can be sent again
 * @param bound the most bytes of the response
 * @param algorithm the hash of the response
 * @param rule the settings of the host
 * @param plainAllowed whether redirects to plain http are followed
 * @param timeout its timeout
 * @param file where the body of a response with status 200 is written to; in memory without
 */
public record RegistryRequest(
        RegistryObserver.Operation operation,
        String method,
        URI uri,
        Map<String, String> headers,
        Optional<BodyPublisher> body,
        long bound,
        Digest.Algorithm algorithm,
        RegistryRule rule,
        boolean plainAllowed,
        Duration timeout,
        Optional<Path> file) {

    private static final String AUTHORIZATION = "Authorization";

    public RegistryRequest {
        headers = Map.copyOf(headers);
    }

    /** The same request, with this {@code Authorization}. */
    public RegistryRequest authorized(String authorization) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(AUTHORIZATION, authorization);
        return with(uri, more, rule);
    }

    /** The same request to where a redirect points; it carries {@code Authorization} only within one origin. */
    RegistryRequest redirected(URI target, RegistryRule rule) {
        Map<String, String> fewer = new TreeMap<>(headers);
        if (!Authority.sameOrigin(uri, target)) {
            fewer.remove(AUTHORIZATION);
        }
        return with(target, fewer, rule);
    }

    private RegistryRequest with(URI uri, Map<String, String> headers, RegistryRule rule) {
        return new RegistryRequest(
                operation, method, uri, headers, body, bound, algorithm, rule, plainAllowed, timeout, file);
    }

    @Override
    public String toString() {
        return method + " " + uri.getHost() + uri.getRawPath();
    }
}
