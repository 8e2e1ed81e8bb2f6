package dev.stowage.registry;

import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.Result.Broken;
import dev.stowage.registry.Result.Reply;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Follows redirects by our own rules: at most ten, {@code Authorization} only within one origin, never from https to plain
 * http, every address checked. A POST, which carries credentials in its body, is never sent on.
 */
final class Redirects {

    private static final int MAX_HOPS = 10;
    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

    private final Wire wire;
    private final RegistrySettings settings;

    Redirects(Wire wire, RegistrySettings settings) {
        this.wire = wire;
        this.settings = settings;
    }

    /** Makes the request and those it is redirected to. */
    CompletableFuture<Result> send(Call call, Errand errand) {
        return send(call, errand, 0);
    }

    private CompletableFuture<Result> send(Call call, Errand errand, int hops) {
        return wire.send(call, errand).thenCompose(result -> {
            if (!(result instanceof Reply reply) || !isRedirect(call, reply)) {
                return CompletableFuture.completedFuture(result);
            }
            if (hops == MAX_HOPS) {
                return broken(Broken.lasting(
                        Kind.UNAVAILABLE,
                        Authority.of(call.uri()) + " redirects more than " + MAX_HOPS
                                + " times, perhaps in a loop"));
            }
            return follow(call, reply.header("Location").orElse(""), errand, hops);
        });
    }

    private static boolean isRedirect(Call call, Reply reply) {
        return STATUSES.contains(reply.status()) && !"POST".equals(call.method());
    }

    private CompletableFuture<Result> follow(Call call, String location, Errand errand, int hops) {
        Optional<URI> parsed = target(call.uri(), location);
        if (parsed.isEmpty()) {
            return broken(Broken.lasting(
                    Kind.UNAVAILABLE, Authority.of(call.uri()) + " redirects without a Location header"));
        }
        URI target = parsed.get();
        String authority = Authority.of(target);
        if ("http".equals(target.getScheme()) && !call.plainAllowed()) {
            return broken(Broken.ours(
                    Kind.REFUSED,
                    "redirected from https to plain http at " + authority + "; only registries with insecure: true may"
                            + " do so"));
        }
        RegistryRule rule = Authority.sameOrigin(call.uri(), target)
                ? call.rule()
                : settings.rule(authority).orElseGet(() -> RegistryRule.of(authority)
                        .withTrusted(call.rule().trusted()));
        if (rule.blocked()) {
            return broken(Broken.ours(Kind.REFUSED, "redirected to " + authority + ", which is blocked"));
        }
        return send(call.redirected(target, rule), errand, hops + 1);
    }

    private static CompletableFuture<Result> broken(Broken broken) {
        return CompletableFuture.completedFuture(broken);
    }

    /** Where a Location points; empty when it is none that may be followed. */
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
