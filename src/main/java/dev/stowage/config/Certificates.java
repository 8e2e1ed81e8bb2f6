package dev.stowage.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.util.encoders.DecoderException;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/**
 * Certificates of authorities.
 *
 * @param file the file they were read from; empty if they stand in the configuration itself
 * @param all at least one
 */
public record Certificates(Optional<Path> file, List<X509Certificate> all) {

    private static final Logger LOG = System.getLogger(Certificates.class.getName());
    private static final String PEM_BEGIN = "-----BEGIN";
    private static final Set<String> TYPES = Set.of("CERTIFICATE", "X509 CERTIFICATE");

    public Certificates {
        all = List.copyOf(all);
        if (all.isEmpty()) {
            throw new IllegalArgumentException(
                    "contains no certificate; it needs at least one, in PEM: -----BEGIN CERTIFICATE-----");
        }
    }

    /**
     * Reads PEM, or the file of this path.
     *
     * @throws IllegalArgumentException when it cannot be read, or contains no certificate; the message continues a sentence that
     *     begins with the text
     */
    static Certificates read(String text) {
        if (text.contains(PEM_BEGIN)) {
            return new Certificates(Optional.empty(), parse(text, "the configuration"));
        }
        try {
            return read(Path.of(text));
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("is not a file that can be read: " + reason(e)
                    + "; allowed: the path of a file of certificates in PEM, or the PEM itself");
        }
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException when it contains no certificate
     */
    static Certificates read(Path file) throws IOException {
        // comments in bundles are in any encoding
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        return new Certificates(Optional.of(file), parse(text, file.toString()));
    }

    /**
     * Comments and blocks of other types are left out. So is a certificate that cannot be read, with a warning: among the 140 of a
     * distribution it must not stop the webhook.
     */
    private static List<X509Certificate> parse(String text, String source) {
        List<X509Certificate> certificates = new ArrayList<>();
        int unreadable = 0;
        PemReader reader = new PemReader(new StringReader(text));
        while (true) {
            try {
                PemObject block = reader.readPemObject();
                if (block == null) {
                    break;
                }
                if (TYPES.contains(block.getType())) {
                    certificates.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.getContent())));
                }
            } catch (IOException | DecoderException | CertificateException e) {
                unreadable++;
            }
        }
        if (unreadable > 0 && !certificates.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    source + ": " + unreadable + " of " + (certificates.size() + unreadable)
                            + " certificates cannot be read and are not trusted; replace them");
        }
        return certificates;
    }

    static String reason(Exception e) {
        if (e instanceof NoSuchFileException) {
            return "it does not exist";
        }
        return e instanceof AccessDeniedException
                ? "the user of this process has no permission to read it"
                : e.getClass().getSimpleName();
    }
}
