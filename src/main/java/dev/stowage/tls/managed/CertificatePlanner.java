package dev.stowage.tls.managed;

import dev.stowage.tls.CaBundle;
import dev.stowage.tls.CertificateAuthority;
import dev.stowage.tls.Renewal;
import dev.stowage.tls.ServingCertificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Decides what the Secret should contain. A new authority first joins the bundle, while the old one's certificate is still
 * served; only when every API server has had time to see it does it sign what is served. What this process remembers repairs a
 * Secret that was deleted or damaged, so that nothing changes for anybody.
 */
final class CertificatePlanner {

    /** Authorities live for years: more than these come from somebody who replaces the Secret again and again. */
    private static final int MOST_AUTHORITIES = 8;

    /**
     * The content that the Secret should have, and how it differs from the present one.
     *
     * @param content the content that it should have, whole
     * @param newAuthority whether the authority was made just now
     * @param newCertificate whether the certificate was made just now
     */
    record Step(CertificateSecret content, boolean newAuthority, boolean newCertificate) {}

    private final List<String> names;
    private final CertificateSettings settings;
    private final Clock clock;
    /** Forgets an authority only when it has expired by the clock of every replica: one that is behind may still serve it. */
    private final Clock late;

    CertificatePlanner(CertificateSettings settings, Clock clock) {
        this.names = settings.names();
        this.settings = settings;
        this.clock = clock;
        this.late = Clock.offset(clock, Renewal.CLOCK_TOLERANCE.negated());
    }

    /**
     * Decides it.
     *
     * @param stored the content of the Secret
     * @param remembered its content when it was last whole, as far as this process knows
     * @param served the certificate that this process serves
     * @param settled whether every API server has had time to see that it is to trust this authority
     */
    Step next(
            CertificateSecret stored,
            Optional<CertificateSecret> remembered,
            Optional<ServingCertificate> served,
            Predicate<X509Certificate> settled) {
        CaBundle bundle = trusted(stored, remembered, served);
        ReviewPathKey pathKey = stored.pathKey()
                .or(() -> remembered.flatMap(CertificateSecret::pathKey))
                .orElseGet(ReviewPathKey::create);
        Optional<CertificateAuthority> authority =
                stored.authority().or(() -> remembered.flatMap(CertificateSecret::authority));
        Optional<ServingCertificate> usable = stored.serving()
                .filter(found -> isUsable(found, bundle))
                .or(() -> remembered.flatMap(CertificateSecret::serving).filter(found -> isUsable(found, bundle)));
        return switch (Renewal.decide(authority, usable, names, clock)) {
            case NONE ->
                new Step(content(authority.orElseThrow(), usable.orElseThrow(), bundle, pathKey), false, false);
            case CERTIFICATE -> {
                CertificateAuthority own = authority.orElseThrow();
                boolean waits = usable.isPresent() && !usable.get().isIssuedBy(own) && !settled.test(own.certificate());
                ServingCertificate serving = waits ? usable.get() : issue(own, stored, bundle);
                yield new Step(content(own, serving, bundle, pathKey), false, !waits);
            }
            case AUTHORITY -> {
                CertificateAuthority made = CertificateAuthority.create(clock, settings.authorityLife());
                ServingCertificate serving = usable.orElseGet(() -> issue(made, stored, bundle));
                yield new Step(content(made, serving, bundle, pathKey), true, usable.isEmpty());
            }
        };
    }

    /** Whether this may be served now to clients that trust this bundle. */
    boolean isUsable(ServingCertificate serving, CaBundle bundle) {
        return isValid(serving) && bundle.issuerOf(serving).isPresent() && serving.covers(names);
    }

    /** The time of the next action, from what is known now. */
    Instant nextDue(CertificateSecret content) {
        Instant authority =
                content.authority().map(own -> Renewal.dueAt(own.certificate())).orElse(Instant.MIN);
        Instant serving =
                content.serving().map(own -> Renewal.dueAt(own.certificate())).orElse(Instant.MIN);
        return authority.isBefore(serving) ? authority : serving;
    }

    /** Nobody is forgotten whose certificate this process, or a damaged Secret, may still have in use. */
    private CaBundle trusted(
            CertificateSecret stored, Optional<CertificateSecret> remembered, Optional<ServingCertificate> served) {
        CaBundle known = remembered.map(CertificateSecret::bundle).orElse(CaBundle.EMPTY);
        CaBundle needed = stored.isWhole()
                ? new CaBundle(served.flatMap(known::issuerOf).map(List::of).orElse(List.of()))
                : known;
        return stored.bundle().and(needed);
    }

    private CertificateSecret content(
            CertificateAuthority authority, ServingCertificate serving, CaBundle bundle, ReviewPathKey pathKey) {
        // Those in use stand in front, where they are never cut off.
        CaBundle used = new CaBundle(List.of(authority.certificate()))
                .and(new CaBundle(bundle.issuerOf(serving).map(List::of).orElse(List.of())));
        return CertificateSecret.of(
                        authority,
                        serving,
                        used.and(bundle).withoutExpired(late).first(MOST_AUTHORITIES))
                .with(pathKey);
    }

    private ServingCertificate issue(CertificateAuthority authority, CertificateSecret stored, CaBundle bundle) {
        Collection<String> all = new TreeSet<>(names);
        // A replica of another configuration, as in a roll, may need the names that are there: without them the two
        // would overwrite each other's for ever.
        stored.serving()
                .filter(found -> isValid(found) && bundle.issuerOf(found).isPresent())
                .filter(found -> !found.covers(names) && !Renewal.isDue(found.certificate(), clock.instant()))
                .ifPresent(found -> all.addAll(found.names()));
        return authority.issue(all, clock, settings.certificateLife());
    }

    private boolean isValid(ServingCertificate serving) {
        Instant now = clock.instant();
        return !now.isBefore(serving.notBefore()) && now.isBefore(serving.notAfter());
    }
}
