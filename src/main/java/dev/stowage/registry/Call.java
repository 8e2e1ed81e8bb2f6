package dev.stowage.registry;

import dev.stowage.image.Digest;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One HTTP request to be made.
 *
 * @param ask what it is for
 * @param method GET, HEAD or POST
 * @param uri where to
 * @param headers its headers
 * @param form the body of a POST
 * @param bound how many bytes the answer may have
 * @param algorithm how the answer is hashed
 * @param rule the settings of the host
 * @param plainAllowed whether plain http may be spoken on the way
 * @param timeout how long it may take
 */
record Call(
        RegistryObserver.Ask ask,
        String method,
        URI uri,
        Map<String, String> headers,
        Optional<String> form,
        long bound,
        Digest.Algorithm algorithm,
        RegistryRule rule,
        boolean plainAllowed,
        Duration timeout) {

    private static final String AUTHORIZATION = "Authorization";

    Call {
        headers = Map.copyOf(headers);
    }

    /** The same request, with this {@code Authorization}. */
    Call authorized(String authorization) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(AUTHORIZATION, authorization);
        return with(uri, more, rule);
    }

    /** The same request to where a redirect points; it carries {@code Authorization} only within one origin. */
    Call redirected(URI target, RegistryRule rule) {
        Map<String, String> fewer = new TreeMap<>(headers);
        if (!Authority.sameOrigin(uri, target)) {
            fewer.remove(AUTHORIZATION);
        }
        return with(target, fewer, rule);
    }

    private Call with(URI uri, Map<String, String> headers, RegistryRule rule) {
        return new Call(ask, method, uri, headers, form, bound, algorithm, rule, plainAllowed, timeout);
    }

    @Override
    public String toString() {
        return method + " " + uri.getHost() + uri.getRawPath();
    }
}
