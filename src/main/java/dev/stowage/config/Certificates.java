package dev.stowage.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Certificates of authorities.
 *
 * @param all at least one
 */
public record Certificates(List<X509Certificate> all) {

    private static final String PEM_BEGIN = "-----BEGIN";

    public Certificates {
        all = List.copyOf(all);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("contains no certificate");
        }
    }

    /**
     * Reads PEM, or the file of this path.
     *
     * @throws IllegalArgumentException when it cannot be read, or contains no certificate
     */
    static Certificates read(String text) {
        try {
            byte[] pem = text.contains(PEM_BEGIN)
                    ? text.getBytes(StandardCharsets.US_ASCII)
                    : Files.readAllBytes(Path.of(text));
            return new Certificates(
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                            .map(X509Certificate.class::cast)
                            .toList());
        } catch (IOException | CertificateException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
