package dev.stowage.tls.managed;

import dev.stowage.tls.CaBundle;
import dev.stowage.tls.CertificateAuthority;
import dev.stowage.tls.InvalidPemException;
import dev.stowage.tls.ServingCertificate;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The content of the Secret. Any part may be missing or garbage, because people and tools write Secrets, too.
 *
 * @param authority the authority that signs; its certificate is in the bundle
 * @param serving the serving certificate; while an authority is being replaced, still the old one's
 * @param bundle whom the API server is to trust
 * @param pathKey the key from which the paths of reviews are derived; its absence is not a fault, because it can be added at any time
 * @param faults the parts that are missing or cannot be read, a clause each; never a part of the content
 */
record CertificateSecret(
        Optional<CertificateAuthority> authority,
        Optional<ServingCertificate> serving,
        CaBundle bundle,
        Optional<ReviewPathKey> pathKey,
        List<String> faults) {

    static final String CERTIFICATE = "tls.crt";
    static final String KEY = "tls.key";
    static final String BUNDLE = "ca.crt";
    static final String AUTHORITY_KEY = "ca.key";

    /** No Secret at all. */
    static final CertificateSecret NONE = new CertificateSecret(
            Optional.empty(), Optional.empty(), CaBundle.EMPTY, Optional.empty(), List.of("does not exist"));

    private static final CertificateSecret EMPTY = new CertificateSecret(
            Optional.empty(), Optional.empty(), CaBundle.EMPTY, Optional.empty(), List.of("is empty"));

    CertificateSecret {
        Objects.requireNonNull(authority, "authority");
        Objects.requireNonNull(serving, "serving");
        Objects.requireNonNull(bundle, "bundle");
        Objects.requireNonNull(pathKey, "pathKey");
        faults = List.copyOf(faults);
    }

    /** A whole one, but for the key of the paths. */
    static CertificateSecret of(CertificateAuthority authority, ServingCertificate serving, CaBundle bundle) {
        return new CertificateSecret(Optional.of(authority), Optional.of(serving), bundle, Optional.empty(), List.of());
    }

    /** The same with this key of the paths. */
    CertificateSecret with(ReviewPathKey key) {
        return new CertificateSecret(authority, serving, bundle, Optional.of(key), faults);
    }

    /** The paths that reviews may come to: one for each authority. */
    List<String> paths() {
        return pathKey.map(key -> bundle.certificates().stream().map(key::path).toList())
                .orElse(List.of());
    }

    /** The path that the webhook's configuration is to name: that of the authority that signed what is served. */
    Optional<String> path() {
        return pathKey.flatMap(key -> serving.flatMap(bundle::issuerOf).map(key::path));
    }

    /**
     * Reads one.
     *
     * @param data its data, in base64; null when there is none
     */
    static CertificateSecret read(Map<String, String> data) {
        if (Stream.of(BUNDLE, AUTHORITY_KEY, CERTIFICATE, KEY)
                .allMatch(key -> text(data, key).isEmpty())) {
            return EMPTY;
        }
        List<String> faults = new ArrayList<>();
        CaBundle bundle = CaBundle.EMPTY;
        try {
            bundle = authorities(CaBundle.parse(text(data, BUNDLE)));
        } catch (InvalidPemException e) {
            faults.add(BUNDLE + " " + e.getMessage());
        }
        Optional<ServingCertificate> serving = Optional.empty();
        try {
            serving = Optional.of(ServingCertificate.parse(text(data, CERTIFICATE), text(data, KEY)));
        } catch (InvalidPemException e) {
            faults.add(CERTIFICATE + " and " + KEY + ": " + e.getMessage());
        }
        Optional<CertificateAuthority> authority = authority(bundle, text(data, AUTHORITY_KEY));
        if (authority.isEmpty()) {
            faults.add(AUTHORITY_KEY + " has no private key of a CA in " + BUNDLE);
        }
        return new CertificateSecret(
                authority, serving, bundle, ReviewPathKey.parse(data.get(ReviewPathKey.FIELD)), faults);
    }

    /** As the Secret's data, in base64. */
    Map<String, String> data() {
        Map<String, String> data = new HashMap<>();
        data.put(BUNDLE, base64(bundle.toPem()));
        data.put(AUTHORITY_KEY, authority.map(own -> base64(own.keyPem())).orElse(""));
        data.put(CERTIFICATE, serving.map(own -> base64(own.chainPem())).orElse(""));
        data.put(KEY, serving.map(own -> base64(own.keyPem())).orElse(""));
        pathKey.ifPresent(key -> data.put(ReviewPathKey.FIELD, key.data()));
        return data;
    }

    /** Whether nothing is missing and nothing is garbage. */
    boolean isWhole() {
        return faults.isEmpty();
    }

    /** Whether there is no Secret, or nothing in it: not damaged, but not made yet. */
    boolean holdsNothing() {
        return equals(NONE) || equals(EMPTY);
    }

    /** Whether writing the one over the other would change nothing that counts. Whitespace does not, so versions do not fight. */
    boolean holdsSameAs(CertificateSecret other) {
        return isWhole()
                && other.isWhole()
                && authority
                        .map(CertificateAuthority::certificate)
                        .equals(other.authority.map(CertificateAuthority::certificate))
                && serving.map(ServingCertificate::certificate)
                        .equals(other.serving.map(ServingCertificate::certificate))
                && bundle.equals(other.bundle)
                && pathKey.equals(other.pathKey);
    }

    private static Optional<CertificateAuthority> authority(CaBundle bundle, String key) {
        for (X509Certificate certificate : bundle.certificates()) {
            try {
                return Optional.of(CertificateAuthority.parse(pem(certificate), key));
            } catch (InvalidPemException e) {
                // not this one's key
            }
        }
        return Optional.empty();
    }

    private static CaBundle authorities(CaBundle bundle) {
        return new CaBundle(bundle.certificates().stream()
                .filter(certificate -> certificate.getBasicConstraints() >= 0)
                .distinct()
                .toList());
    }

    private static String pem(X509Certificate certificate) {
        return new CaBundle(List.of(certificate)).toPem();
    }

    private static String text(Map<String, String> data, String key) {
        String value = data == null ? null : data.get(key);
        return value == null ? "" : new String(Base64.getMimeDecoder().decode(value), StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Without the keys, which must never get into a log. */
    @Override
    public String toString() {
        return "CertificateSecret[" + bundle.certificates().size() + " authorities, faults=" + faults + "]";
    }
}
