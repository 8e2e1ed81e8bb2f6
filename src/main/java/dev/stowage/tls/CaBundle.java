package dev.stowage.tls;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The authorities that the API server trusts ({@code caBundle}). A new authority joins before anything it signed is
 * served, and an old one stays until it ends, so that replicas may serve what either of them signed.
 *
 * @param certificates the authorities' certificates, the newest first
 */
public record CaBundle(List<X509Certificate> certificates) {

    /** Trusts nobody. */
    public static final CaBundle EMPTY = new CaBundle(List.of());

    public CaBundle {
        certificates = List.copyOf(certificates);
    }

    /**
     * Reads one.
     *
     * @throws InvalidPemException when there is no certificate, or one that cannot be read
     */
    public static CaBundle parse(String pem) throws InvalidPemException {
        return new CaBundle(Pem.certificates(pem));
    }

    /** This bundle with an authority in front; the same bundle when it is there already. */
    public CaBundle with(CertificateAuthority authority) {
        if (certificates.contains(authority.certificate())) {
            return this;
        }
        Set<X509Certificate> all = new LinkedHashSet<>();
        all.add(authority.certificate());
        all.addAll(certificates);
        return new CaBundle(List.copyOf(all));
    }

    /** This bundle and, behind its own, what only the other one contains. */
    public CaBundle and(CaBundle other) {
        Set<X509Certificate> all = new LinkedHashSet<>(certificates);
        all.addAll(other.certificates);
        return all.size() == certificates.size() ? this : new CaBundle(List.copyOf(all));
    }

    /** The first of these many. */
    public CaBundle first(int many) {
        return certificates.size() <= many ? this : new CaBundle(certificates.subList(0, many));
    }

    /** The one of these authorities that signed this certificate. */
    public Optional<X509Certificate> issuerOf(ServingCertificate serving) {
        return certificates.stream().filter(serving::isIssuedBy).findFirst();
    }

    /** This bundle without what has ended. */
    public CaBundle withoutExpired(Clock clock) {
        return new CaBundle(certificates.stream()
                .filter(certificate -> certificate.getNotAfter().toInstant().isAfter(clock.instant()))
                .toList());
    }

    /** The bundle as PEM. */
    public String toPem() {
        return Pem.of(certificates);
    }

    /** The authorities that are in both. */
    public CaBundle common(CaBundle other) {
        List<X509Certificate> common = new ArrayList<>(certificates);
        common.retainAll(other.certificates);
        return new CaBundle(common);
    }
}
