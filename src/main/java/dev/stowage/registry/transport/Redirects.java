package dev.stowage.registry.transport;

import dev.stowage.async.CallContext;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.net.Authority;
import dev.stowage.registry.transport.ExchangeResult.Blame;
import dev.stowage.registry.transport.ExchangeResult.Failure;
import dev.stowage.registry.transport.ExchangeResult.Response;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Follows redirects by our own rules: at most ten, {@code Authorization} only within one origin, never from https to plain
 * http, every address checked. Only GET and HEAD are sent on: the body of a POST contains credentials.
 */
public final class Redirects {

    private static final int MAX_HOPS = 10;
    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

    private static final Set<String> READING = Set.of("GET", "HEAD");

    private final HttpTransport transport;
    private final RegistrySettings settings;

    public Redirects(HttpTransport transport, RegistrySettings settings) {
        this.transport = transport;
        this.settings = settings;
    }

    /** Makes the request and those it is redirected to. */
    public CompletableFuture<ExchangeResult> send(RegistryRequest request, CallContext context) {
        return send(request, context, 0);
    }

    private CompletableFuture<ExchangeResult> send(RegistryRequest request, CallContext context, int hops) {
        return transport.send(request, context).thenCompose(result -> {
            if (result instanceof Failure failure) {
                // the target of a redirect belongs to one repository only
                return completed(hops == 0 ? failure : failure.withBlame(Blame.REPOSITORY));
            }
            Response response = (Response) result;
            if (!isRedirect(request, response)) {
                return CompletableFuture.completedFuture(result);
            }
            if (hops == MAX_HOPS) {
                return completed(Failure.permanent(
                        Kind.UNAVAILABLE,
                        Authority.of(request.uri()) + " redirects more than " + MAX_HOPS
                                + " times, perhaps in a loop"));
            }
            return follow(
                    request, response.header("Location").orElse(""), redirected -> send(redirected, context, hops + 1));
        });
    }

    private static boolean isRedirect(RegistryRequest request, Response response) {
        return STATUSES.contains(response.status()) && READING.contains(request.method());
    }

    /**
     * Sends a request on to where a response points, if its rules allow that.
     *
     * @param request what had the response; it is sent on without {@code Authorization} unless the origin is the same
     * @param location the header of the response
     * @param send sends it
     */
    public CompletableFuture<ExchangeResult> follow(
            RegistryRequest request,
            String location,
            Function<RegistryRequest, CompletableFuture<ExchangeResult>> send) {
        Optional<URI> parsed = target(request.uri(), location);
        if (parsed.isEmpty()) {
            return completed(Failure.permanent(
                    Kind.UNAVAILABLE, Authority.of(request.uri()) + " redirects without a Location header"));
        }
        URI target = parsed.get();
        String authority = Authority.of(target);
        if ("http".equals(target.getScheme()) && !request.plainAllowed()) {
            return completed(Failure.policy(
                    Kind.REFUSED,
                    "redirected from https to plain http at " + authority + "; only registries with insecure: true may"
                            + " do so"));
        }
        RegistryRule rule = Authority.sameOrigin(request.uri(), target)
                ? request.rule()
                : settings.rule(authority).orElseGet(() -> RegistryRule.of(authority)
                        .withTrusted(request.rule().trusted()));
        if (rule.blocked()) {
            return completed(Failure.policy(Kind.REFUSED, "redirected to " + authority + ", which is blocked"));
        }
        return send.apply(request.redirected(target, rule));
    }

    private static CompletableFuture<ExchangeResult> completed(Failure failure) {
        return CompletableFuture.completedFuture(failure);
    }

    /** The target of a Location; empty if it must not be followed. */
    private static Optional<URI> target(URI from, String location) {
        try {
            URI target = from.resolve(location.trim());
            boolean http = "http".equals(target.getScheme()) || "https".equals(target.getScheme());
            return location.isBlank() || !http || target.getHost() == null || target.getRawUserInfo() != null
                    ? Optional.empty()
                    : Optional.of(withoutFragment(target));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static URI withoutFragment(URI uri) {
        String text = uri.toString();
        int hash = text.indexOf('#');
        return hash < 0 ? uri : URI.create(text.substring(0, hash));
    }
}
