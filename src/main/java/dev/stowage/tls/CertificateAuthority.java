package dev.stowage.tls;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** A certificate authority of Stowage's own: it signs the certificate of the webhook, and the API server trusts it. */
public final class CertificateAuthority {

    private final CertifiedKey own;

    private CertificateAuthority(CertifiedKey own) {
        this.own = own;
    }

    /**
     * Makes a new one with a new key.
     *
     * @param clock the time
     * @param life the lifetime, from now
     */
    public static CertificateAuthority create(Clock clock, Duration life) {
        Instant now = clock.instant();
        // The instant distinguishes authorities of one name while a bundle contains both.
        X500Name name = new X500Name("CN=stowage-ca-" + now.getEpochSecond());
        return new CertificateAuthority(Issuance.authority(name, now, life));
    }

    /**
     * Reads one that was kept.
     *
     * @throws InvalidPemException when it cannot be read, is none, or the key is not the certificate's
     */
    public static CertificateAuthority parse(String certificatePem, String keyPem) throws InvalidPemException {
        CertifiedKey own = CertifiedKey.parse(certificatePem, keyPem);
        if (own.certificate().getBasicConstraints() < 0) {
            throw new InvalidPemException("contains a certificate that is not a CA's");
        }
        return new CertificateAuthority(own);
    }

    /**
     * Issues a serving certificate with a new key. It never outlives this authority.
     *
     * @param names the DNS names and IP addresses that it is for, at least one
     * @param clock the time
     * @param life the longest lifetime, from now
     */
    public ServingCertificate issue(Collection<String> names, Clock clock, Duration life) {
        return issue(names, KeyPurposeId.id_kp_serverAuth, clock, life);
    }

    /** The same for a client, which shows it to a server that requires one. */
    public ServingCertificate issueForClient(Collection<String> names, Clock clock, Duration life) {
        return issue(names, KeyPurposeId.id_kp_clientAuth, clock, life);
    }

    private ServingCertificate issue(Collection<String> names, KeyPurposeId purpose, Clock clock, Duration life) {
        Objects.requireNonNull(life, "life");
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a serving certificate needs a name");
        }
        Instant now = clock.instant();
        Instant end = now.plus(life);
        Instant own = notAfter();
        return new ServingCertificate(Issuance.leaf(this.own, names, purpose, now, end.isBefore(own) ? end : own));
    }

    /** Its certificate, which is public. */
    public X509Certificate certificate() {
        return own.certificate();
    }

    /** Its certificate as PEM: what goes into {@code caBundle}. */
    public String certificatePem() {
        return Pem.of(List.of(own.certificate()));
    }

    /** Its private key as PEM (PKCS#8): a secret. */
    public String keyPem() {
        return Pem.of(own.key());
    }

    /** The expiry. */
    public Instant notAfter() {
        return own.certificate().getNotAfter().toInstant();
    }
}
