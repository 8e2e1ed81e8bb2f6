package dev.stowage.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

/** A private key and the chain that certifies it, which is known to belong to it. */
final class CertifiedKey {

    private final PrivateKey key;
    private final List<X509Certificate> chain;

    /** @param chain the key's own certificate first */
    CertifiedKey(PrivateKey key, List<X509Certificate> chain) {
        this.key = Objects.requireNonNull(key, "key");
        this.chain = List.copyOf(chain);
        if (this.chain.isEmpty()) {
            throw new IllegalArgumentException("a key without certificate");
        }
    }

    /**
     * Reads both.
     *
     * @throws InvalidPemException when one of them cannot be read or they do not belong together
     */
    static CertifiedKey parse(String certificatesPem, String keyPem) throws InvalidPemException {
        List<X509Certificate> chain = Pem.certificates(certificatesPem);
        PrivateKey key = Pem.privateKey(keyPem);
        if (!belongTogether(key, chain.get(0))) {
            throw new InvalidPemException("contains a private key that does not belong to the certificate");
        }
        return new CertifiedKey(key, chain);
    }

    PrivateKey key() {
        return key;
    }

    List<X509Certificate> chain() {
        return chain;
    }

    X509Certificate certificate() {
        return chain.get(0);
    }

    /** The only proof that works for every kind of key: what one signs, the other verifies. */
    private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
        byte[] sample = certificate.getSerialNumber().toByteArray();
        String algorithm = "EC".equals(key.getAlgorithm()) || "ECDSA".equals(key.getAlgorithm())
                ? "SHA256withECDSA"
                : key.getAlgorithm().startsWith("Ed") ? key.getAlgorithm() : "SHA256with" + key.getAlgorithm();
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(sample);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certificate.getPublicKey());
            verifier.update(sample);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
