package dev.stowage.registry.transport;

import dev.stowage.async.CallContext;
import dev.stowage.async.CancellableFutures;
import dev.stowage.async.Causes;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.net.AddressPolicy;
import dev.stowage.registry.net.Authority;
import dev.stowage.registry.net.Proxies;
import dev.stowage.registry.transport.ExchangeResult.Failure;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/**
 * Refuses addresses that no image pull should reach, after the name is resolved. A name is refused when any of its addresses
 * is. Over plain HTTP the connection is made to the checked address. Over TLS {@code java.net.http} resolves the name itself, usually
 * from the same entry of the runtime's address cache; a host without a certificate for the name gets no request.
 */
public final class AddressGuard {

    /** Longer names cannot be in DNS. */
    private static final int MAX_NAME = 253;

    /** Resolves names. */
    @FunctionalInterface
    public interface Resolver {
        /** The system's own name service. */
        Resolver SYSTEM = InetAddress::getAllByName;

        /** All addresses of a host. */
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /**
     * The result of a check.
     *
     * @param refusal why the host may not be contacted; empty when it may
     * @param address the address to connect to; empty if a proxy resolves the name
     */
    record Check(Optional<Failure> refusal, Optional<InetAddress> address) {

        static final Check UNRESOLVED = new Check(Optional.empty(), Optional.empty());

        static Check refused(Failure failure) {
            return new Check(Optional.of(failure), Optional.empty());
        }
    }

    private final AddressPolicy policy;
    private final Proxies proxies;
    private final NameLookups lookups;

    public AddressGuard(
            AddressPolicy policy, Proxies proxies, Resolver resolver, Executor threads, LongSupplier nanos) {
        this.policy = policy;
        this.proxies = proxies;
        this.lookups = new NameLookups(resolver, threads, nanos);
    }

    /**
     * Checks the addresses of a host. Behind a proxy only literal addresses can be checked.
     *
     * @param maxAge how long ago the name may have been resolved
     */
    CompletableFuture<Check> check(URI uri, CallContext context, Duration maxAge) {
        String host = Authority.withoutBrackets(uri.getHost());
        if (host.length() > MAX_NAME) {
            return done(Check.refused(Failure.policy(Kind.REFUSED, "its host name is longer than DNS allows")));
        }
        if (Authority.isAmbiguous(host)) {
            return done(Check.refused(Failure.policy(
                    Kind.REFUSED, host + " is not contacted because it is not a valid IPv4 address of four numbers")));
        }
        if (Authority.isLiteral(host)) {
            return done(checkLiteral(host));
        }
        return proxies.proxyFor(uri).isPresent()
                ? done(Check.UNRESOLVED)
                : CancellableFutures.handle(
                        lookups.resolve(host, context, maxAge),
                        (addresses, failure) -> failure == null ? evaluate(host, addresses) : failed(host, failure));
    }

    private Check checkLiteral(String host) {
        int scope = host.indexOf('%');
        try {
            return evaluate(host, List.of(InetAddress.getByName(scope < 0 ? host : host.substring(0, scope))));
        } catch (UnknownHostException e) {
            return Check.refused(NetworkErrors.unresolved(host));
        }
    }

    private Check evaluate(String host, List<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            Optional<String> objection = policy.refusal(address);
            if (objection.isPresent()) {
                return Check.refused(Failure.policy(
                        Kind.REFUSED,
                        host + " is not contacted because its address " + address.getHostAddress() + " is "
                                + objection.get()));
            }
        }
        return addresses.isEmpty()
                ? Check.refused(NetworkErrors.unresolved(host))
                : new Check(Optional.empty(), Optional.of(addresses.get(0)));
    }

    private static Check failed(String host, Throwable failure) {
        return Check.refused(
                Causes.find(failure, RejectedExecutionException.class).isPresent()
                        ? Failure.policy(
                                Kind.REFUSED, "too many names of this namespace wait for DNS, " + host + " too")
                        : Failure.expired());
    }

    private static CompletableFuture<Check> done(Check check) {
        return CompletableFuture.completedFuture(check);
    }
}
