package dev.stowage.serve;

import dev.stowage.tls.CaBundle;
import dev.stowage.tls.CertificateAuthority;
import dev.stowage.tls.CertificateSource;
import dev.stowage.tls.Renewal;
import dev.stowage.tls.ServingCertificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A certificate of a CA that this process creates and keeps in memory: for a single process whose webhook is registered again at each
 * start, as in a demonstration.
 */
public final class SelfSignedCertificate implements CertificateSource {

    private static final Duration AUTHORITY_LIFE = Duration.ofDays(5 * 365);
    private static final Duration LIFE = Duration.ofDays(90);

    private final List<String> names;
    private final Clock clock;
    private volatile CertificateAuthority authority;
    private volatile ServingCertificate serving;
    private volatile CaBundle bundle = CaBundle.EMPTY;

    /**
     * Makes authority and certificate.
     *
     * @param names the DNS names and IP addresses that the API server calls, at least one
     * @param clock the time
     */
    public SelfSignedCertificate(List<String> names, Clock clock) {
        this.names = List.copyOf(names);
        this.clock = clock;
        renew();
    }

    @Override
    public ServingCertificate current() {
        renew();
        return serving;
    }

    @Override
    public Optional<String> caPem() {
        return Optional.of(bundle.toPem());
    }

    private void renew() {
        Renewal due = Renewal.decide(Optional.ofNullable(authority), Optional.ofNullable(serving), names, clock);
        if (due == Renewal.AUTHORITY) {
            authority = CertificateAuthority.create(clock, AUTHORITY_LIFE);
            bundle = bundle.with(authority).withoutExpired(clock);
        }
        if (due != Renewal.NONE) {
            serving = authority.issue(names, clock, LIFE);
        }
    }
}
