package dev.stowage.tls.managed;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Lets a replica replace what is whole only once an hour. Replicas whose clocks contradict each other (one at 1970, say) would
 * otherwise renew against each other without end, because each takes the other's certificates for expired, or not begun.
 */
final class RenewalLimit {

    private static final Duration PAUSE = Duration.ofHours(1);

    private final Clock clock;
    private Optional<Instant> authority = Optional.empty();
    private Optional<Instant> certificate = Optional.empty();

    RenewalLimit(Clock clock) {
        this.clock = clock;
    }

    /** Whether the step would renew again what this replica has renewed within the hour. */
    boolean forbids(CertificatePlanner.Step step) {
        return step.newAuthority() && isRecent(authority) || step.newCertificate() && isRecent(certificate);
    }

    /** The step was done. */
    void renewed(CertificatePlanner.Step step) {
        Optional<Instant> now = Optional.of(clock.instant());
        authority = step.newAuthority() ? now : authority;
        certificate = step.newCertificate() ? now : certificate;
    }

    /** By the distance, so that a clock that was set back does not forbid it for years. */
    private boolean isRecent(Optional<Instant> last) {
        return last.filter(then -> Duration.between(then, clock.instant()).abs().compareTo(PAUSE) < 0)
                .isPresent();
    }
}
