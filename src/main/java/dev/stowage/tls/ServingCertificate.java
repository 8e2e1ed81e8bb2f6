package dev.stowage.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The serving certificate of the webhook: a private key and its certificate chain. */
public final class ServingCertificate {

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final CertifiedKey own;

    ServingCertificate(CertifiedKey own) {
        this.own = own;
    }

    /**
     * Reads one that was kept or given, of whatever authority.
     *
     * @param chainPem the certificate and those between it and its root
     * @param keyPem its private key, RSA, EC or Ed25519
     * @throws InvalidPemException when it cannot be read or the key is not the certificate's
     */
    public static ServingCertificate parse(String chainPem, String keyPem) throws InvalidPemException {
        return new ServingCertificate(CertifiedKey.parse(chainPem, keyPem));
    }

    /** The certificate, which is public. */
    public X509Certificate certificate() {
        return own.certificate();
    }

    /** The certificate and those between it and its root. */
    public List<X509Certificate> chain() {
        return own.chain();
    }

    /** The private key: a secret. */
    public PrivateKey key() {
        return own.key();
    }

    /** The certificate and its issuers as PEM. */
    public String chainPem() {
        return Pem.of(own.chain());
    }

    /** The private key as PEM (PKCS#8): a secret. */
    public String keyPem() {
        return Pem.of(own.key());
    }

    /** From when it is valid. */
    public Instant notBefore() {
        return own.certificate().getNotBefore().toInstant();
    }

    /** The expiry. */
    public Instant notAfter() {
        return own.certificate().getNotAfter().toInstant();
    }

    /** Whether it is for all of these DNS names and IP addresses. */
    public boolean covers(Collection<String> names) {
        Set<String> own = names();
        return names.stream().map(Issuance::normalizedName).allMatch(own::contains);
    }

    /** Whether this authority signed it. */
    public boolean isIssuedBy(CertificateAuthority authority) {
        return isIssuedBy(authority.certificate());
    }

    /** Whether the owner of this certificate signed it. */
    boolean isIssuedBy(X509Certificate authority) {
        try {
            own.certificate().verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** The DNS names and IP addresses that it is for, sorted. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        try {
            var alternatives = own.certificate().getSubjectAlternativeNames();
            if (alternatives != null) {
                alternatives.stream()
                        .filter(name ->
                                name.get(0).equals(DNS_NAME) || name.get(0).equals(IP_ADDRESS))
                        .forEach(name -> names.add(Issuance.normalizedName(String.valueOf(name.get(1)))));
            }
        } catch (CertificateParsingException e) {
            // Names that cannot be read cover nothing.
            return Set.of();
        }
        return names;
    }
}
