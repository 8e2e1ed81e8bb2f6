package dev.stowage.serve;

import dev.stowage.tls.CertificateSource;
import dev.stowage.tls.InvalidPemException;
import dev.stowage.tls.ServingCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** A certificate that another program keeps in files, such as cert-manager in a mounted Secret ({@code tls.crt}, {@code tls.key}). */
public final class FileCertificate implements CertificateSource {

    private final Path chain;
    private final Path key;

    /**
     * @param chain a PEM file with the certificate and those between it and its root
     * @param key a PEM file with its private key
     */
    public FileCertificate(Path chain, Path key) {
        this.chain = Objects.requireNonNull(chain, "chain");
        this.key = Objects.requireNonNull(key, "key");
    }

    @Override
    public ServingCertificate current() throws IOException, InvalidPemException {
        return ServingCertificate.parse(Files.readString(chain), Files.readString(key));
    }

    /** Empty: whatever writes the files knows the CA. */
    @Override
    public Optional<String> caPem() {
        return Optional.empty();
    }
}
