package dev.stowage.registry.transport;

import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.net.AddressPolicy;
import dev.stowage.registry.net.Authority;
import dev.stowage.registry.net.Proxies;
import dev.stowage.registry.transport.ExchangeResult.Failure;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Refuses addresses that no image pull should reach, after the name is resolved. A name is refused when any of its addresses
 * is. {@code java.net.http} resolves names itself and cannot be held to a checked address: it meets the same entry of the
 * runtime's address cache (30 s by default), and plain http is checked once more after the answer, which is thrown away if
 * the name has moved to a refused address. What is left to a name that changes faster than that: a request without
 * credentials of another host is sent, its answer never used. Over TLS the certificate ties the answer to the name.
 */
public final class AddressGuard {

    /** Resolves names. */
    @FunctionalInterface
    public interface Resolver {
        /** The system's own name service. */
        Resolver SYSTEM = InetAddress::getAllByName;

        /** All addresses of a host. */
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    private final AddressPolicy policy;
    private final Proxies proxies;
    private final Resolver resolver;
    private final Executor lookups;
    private final ConcurrentMap<String, CompletableFuture<Optional<Failure>>> running = new ConcurrentHashMap<>();

    public AddressGuard(AddressPolicy policy, Proxies proxies, Resolver resolver, Executor lookups) {
        this.policy = policy;
        this.proxies = proxies;
        this.resolver = resolver;
        this.lookups = lookups;
    }

    /** Why this address may not be contacted; empty when it may. Behind a proxy only addresses written out can be checked. */
    CompletableFuture<Optional<Failure>> check(URI uri) {
        String host = Authority.withoutBrackets(uri.getHost());
        if (Authority.isLiteral(host)) {
            return CompletableFuture.completedFuture(evaluate(host));
        }
        return proxies.proxyFor(uri).isPresent() ? CompletableFuture.completedFuture(Optional.empty()) : lookUp(host);
    }

    /** One lookup for a name at a time, so that a slow name holds one thread, not one for each request. */
    private CompletableFuture<Optional<Failure>> lookUp(String host) {
        CompletableFuture<Optional<Failure>> mine = new CompletableFuture<>();
        CompletableFuture<Optional<Failure>> other = running.putIfAbsent(host, mine);
        if (other != null) {
            return other;
        }
        mine.whenComplete((result, error) -> running.remove(host, mine));
        try {
            lookups.execute(() -> mine.complete(evaluate(host)));
        } catch (RejectedExecutionException e) {
            mine.complete(Optional.of(Failure.expired()));
        }
        return mine;
    }

    private Optional<Failure> evaluate(String host) {
        try {
            for (InetAddress address : resolver.resolve(host)) {
                Optional<String> objection = policy.refusal(address);
                if (objection.isPresent()) {
                    return Optional.of(Failure.policy(
                            Kind.REFUSED,
                            host + " is not contacted because its address " + address.getHostAddress() + " is "
                                    + objection.get()));
                }
            }
            return Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.of(NetworkErrors.unresolved(host));
        }
    }
}
