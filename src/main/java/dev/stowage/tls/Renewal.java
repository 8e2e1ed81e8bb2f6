package dev.stowage.tls;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** The renewal that is due. Decisions are separate from actions: see {@link #decide}. */
public enum Renewal {
    /** Nothing. */
    NONE,
    /** The serving certificate; the authority stays. */
    CERTIFICATE,
    /** The authority, and with it the serving certificate. */
    AUTHORITY;

    /** The greatest difference of the clocks of replicas and API servers; less than a day, in which a wrong clock should be noticed. */
    public static final Duration CLOCK_TOLERANCE = Duration.ofHours(20);

    /**
     * Decides it. Each is renewed when two thirds of its life are over, at once when it has ended, has not begun by our clock,
     * or is missing; the serving certificate also when another authority signed it or it lacks a name.
     *
     * @param authority the authority in use; empty when there is none or it cannot be read
     * @param serving the certificate in use; empty when there is none or it cannot be read
     * @param names the DNS names and IP addresses that the certificate must be for
     * @param clock the time
     */
    public static Renewal decide(
            Optional<CertificateAuthority> authority,
            Optional<ServingCertificate> serving,
            Collection<String> names,
            Clock clock) {
        Instant now = clock.instant();
        if (authority.isEmpty() || isDue(authority.get().certificate(), now)) {
            return AUTHORITY;
        }
        boolean keeps = serving.isPresent()
                && !isDue(serving.get().certificate(), now)
                && serving.get().isIssuedBy(authority.get())
                && serving.get().covers(names);
        return keeps ? NONE : CERTIFICATE;
    }

    /** The time at which this certificate is due: two thirds into its lifetime. */
    public static Instant dueAt(X509Certificate certificate) {
        Instant begin = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        Duration life = Duration.between(begin.plus(Issuance.BACKDATED), end);
        if (life.isNegative() || life.isZero()) {
            // Not one of ours: those are backdated.
            life = Duration.between(begin, end);
        }
        return end.minus(life.dividedBy(3));
    }

    /** Whether this certificate is to be renewed: two thirds of its life are over, or it has not begun by our clock. */
    public static boolean isDue(X509Certificate certificate, Instant now) {
        return now.isBefore(certificate.getNotBefore().toInstant()) || !now.isBefore(dueAt(certificate));
    }
}
