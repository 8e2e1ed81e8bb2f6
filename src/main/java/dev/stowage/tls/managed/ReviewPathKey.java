package dev.stowage.tls.managed;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key that all replicas share to derive the path of reviews: a caller that does not know the webhook's configuration cannot guess
 * it. Each authority has a path of its own, so the path changes with the authority, and a replica that knows the key and the authorities
 * knows the paths of all of them.
 */
final class ReviewPathKey {

    /** The key's field in the Secret. */
    static final String FIELD = "path.key";

    /** The path where none is derived, and the beginning of those that are. */
    static final String FIXED = "/validate";

    private static final int BYTES = 32;
    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] LABEL = "stowage/review-path/v1".getBytes(StandardCharsets.US_ASCII);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKeySpec key;

    private ReviewPathKey(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** Makes a new one. */
    static ReviewPathKey create() {
        byte[] random = new byte[BYTES];
        RANDOM.nextBytes(random);
        return new ReviewPathKey(random);
    }

    /**
     * Reads one.
     *
     * @param data the field's value in the Secret's data (base64 of 32 bytes); may be null
     * @return empty when it is missing or is not such a key
     */
    static Optional<ReviewPathKey> parse(String data) {
        try {
            byte[] bytes = data == null ? new byte[0] : Base64.getDecoder().decode(data);
            return bytes.length == BYTES ? Optional.of(new ReviewPathKey(bytes)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** As the field's value in the Secret's data. */
    String data() {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    /** The path that belongs to no authority: where Stowage does not manage them. */
    String path() {
        return path(new byte[0]);
    }

    /** The path that belongs to this authority. */
    String path(X509Certificate authority) {
        try {
            return path(authority.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can be encoded", e);
        }
    }

    /** In hexadecimal digits, because the API server allows only names of DNS between the slashes of a path. */
    private String path(byte[] context) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(LABEL);
            return FIXED + "/" + HexFormat.of().formatHex(mac.doFinal(context));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReviewPathKey same && MessageDigest.isEqual(key.getEncoded(), same.key.getEncoded());
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    /** Without the key, which must never get into a log. */
    @Override
    public String toString() {
        return "ReviewPathKey";
    }
}
