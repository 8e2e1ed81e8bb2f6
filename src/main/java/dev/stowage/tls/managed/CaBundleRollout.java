package dev.stowage.tls.managed;

import dev.stowage.tls.CaBundle;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Since when the webhook's configuration has named which authorities. API servers watch it, each for itself; one is taken to have
 * seen what has stood there for some time.
 */
final class CaBundleRollout {

    private final Duration overlap;
    private final Map<X509Certificate, Instant> since = new HashMap<>();

    /** @param overlap how long an authority must have been there */
    CaBundleRollout(Duration overlap) {
        this.overlap = overlap;
    }

    /** The configuration names these now. */
    void seen(CaBundle bundle, Instant now) {
        since.keySet().retainAll(bundle.certificates());
        // A clock that was set back must not make an authority wait for years.
        bundle.certificates()
                .forEach(authority -> since.merge(authority, now, (old, seen) -> old.isAfter(seen) ? seen : old));
    }

    /** Whether this authority has stood there for long enough. */
    boolean isSettled(X509Certificate authority, Instant now) {
        Instant first = since.get(authority);
        return first != null && !now.isBefore(first.plus(overlap));
    }

    /** The time at which the next authority has been there for long enough; empty if all have. */
    Optional<Instant> nextSettled(Instant now) {
        return since.values().stream()
                .map(first -> first.plus(overlap))
                .filter(now::isBefore)
                .min(Instant::compareTo);
    }
}
