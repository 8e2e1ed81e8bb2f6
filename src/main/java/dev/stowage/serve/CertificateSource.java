package dev.stowage.serve;

import dev.stowage.tls.InvalidPemException;
import dev.stowage.tls.ServingCertificate;
import java.io.IOException;
import java.util.Optional;

/** Where the served certificate comes from. It is asked again and again, and may give another each time. */
public interface CertificateSource {

    /**
     * The certificate to serve now. May read files, so it is not called on an event loop, and never by two threads at once.
     *
     * @throws IOException when it cannot be had; the message names the place
     * @throws InvalidPemException when it is none
     */
    ServingCertificate current() throws IOException, InvalidPemException;

    /** What the API server has to trust ({@code caBundle}), as PEM, where this source knows it. */
    Optional<String> caPem();
}
