package dev.stowage.serve;

import dev.stowage.tls.CertificateSource;
import dev.stowage.tls.InvalidPemException;
import dev.stowage.tls.ServingCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.Objects;
import java.util.Optional;

/** A certificate that someone else keeps in files, as cert-manager does in a mounted Secret ({@code tls.crt}, {@code tls.key}). */
public final class GivenCertificate implements CertificateSource {

    private final Path chain;
    private final Path key;
    private volatile Optional<PrivateKey> last = Optional.empty();

    /**
     * @param chain a PEM file with the certificate and those between it and its root
     * @param key a PEM file with its private key
     */
    public GivenCertificate(Path chain, Path key) {
        this.chain = Objects.requireNonNull(chain, "chain");
        this.key = Objects.requireNonNull(key, "key");
    }

    @Override
    public ServingCertificate current() throws IOException, InvalidPemException {
        ServingCertificate read = ServingCertificate.parse(Files.readString(chain), Files.readString(key));
        last = Optional.of(read.key());
        return read;
    }

    @Override
    public Optional<PrivateKey> sharedKey() {
        return last;
    }

    /** Nothing: who gives the certificate knows its authority. */
    @Override
    public Optional<String> caPem() {
        return Optional.empty();
    }
}
