package dev.stowage.registry.resilience;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.stowage.registry.resilience.CircuitBreaker.Permit;
import java.util.function.LongSupplier;

/**
 * Circuit breakers of hosts and of their repositories. Who owns a repository can make it fail, so its failures stop requests to it
 * alone; requests to the others stop if there is no connection to the host.
 */
public final class Circuits {

    static final long MAX_BYTES = 4L << 20;

    /** A circuit breaker with the reason of its last failure. */
    private static final int CIRCUIT_BYTES = 800;

    private final LongSupplier nanos;
    private final Cache<String, CircuitBreaker> circuits = Caffeine.newBuilder()
            .maximumWeight(MAX_BYTES)
            .weigher((String name, CircuitBreaker circuit) -> CIRCUIT_BYTES + name.length())
            .executor(Runnable::run)
            .build();

    public Circuits(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** The permission to send a request to a repository; its holder reports back with one of the methods. */
    public final class Passage {

        private final CircuitBreaker host;
        private final CircuitBreaker repository;
        private final Permit ofHost;
        private final Permit ofRepository;

        private Passage(CircuitBreaker host, CircuitBreaker repository) {
            this.host = host;
            this.repository = repository;
            this.ofHost = host.tryAcquire();
            this.ofRepository = ofHost.allowed() ? repository.tryAcquire() : ofHost;
            if (ofHost.allowed() && !ofRepository.allowed()) {
                host.abandoned(ofHost);
            }
        }

        /** Whether the request may be sent, or why not. */
        public Permit permit() {
            return ofRepository;
        }

        /** The repository has responded. */
        public void succeeded() {
            host.succeeded();
            repository.succeeded();
        }

        /** The host has responded, for the repository with a failure. */
        public void repositoryResponded(String failure) {
            host.succeeded();
            repository.failed(ofRepository, failure);
        }

        /** The request failed, with a connection or without one that is known of. */
        public void repositoryFailed(String reason) {
            host.abandoned(ofHost);
            repository.failed(ofRepository, reason);
        }

        /** There was no connection to the host. */
        public void hostFailed(String reason) {
            host.failed(ofHost, reason);
            repository.abandoned(ofRepository);
        }

        /** Nothing was learned. */
        public void abandoned() {
            host.abandoned(ofHost);
            repository.abandoned(ofRepository);
        }
    }

    /** Requests a permit for a repository. */
    public Passage enter(String host, String path) {
        return new Passage(circuit(host), circuit(host + "/" + path));
    }

    private CircuitBreaker circuit(String name) {
        return circuits.get(name, absent -> new CircuitBreaker(nanos));
    }

    /** How many bytes the circuit breakers take, about. */
    Cache<?, ?> cache() {
        return circuits;
    }
}
