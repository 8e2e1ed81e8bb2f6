package dev.stowage.tls;

import java.io.IOException;
import java.util.Optional;

/** The source of the served certificate. It is read repeatedly, and may return another certificate each time. */
public interface CertificateSource extends AutoCloseable {

    /**
     * The certificate to serve now. May read files or wait for a cluster, so it is not called on an event loop, and never by two
     * threads at once.
     *
     * @throws IOException when it cannot be had; the message names the place
     * @throws InvalidPemException when it is none
     */
    ServingCertificate current() throws IOException, InvalidPemException;

    /** The CA that the API server has to trust ({@code caBundle}), as PEM, if this source knows it. */
    Optional<String> caPem();

    /**
     * Whether the API server trusts, or can be configured to trust, {@link #current()}; false while that is only a stand-in.
     * Once true it stays so.
     */
    default boolean isReady() {
        return true;
    }

    /** The problem that prevents its work, one clause; empty if there is none. */
    default Optional<String> problem() {
        return Optional.empty();
    }

    /**
     * Has this called, on a thread of the source's, whenever {@link #current()} gives something else than before. A source that
     * cannot notice it does not call; it is read from time to time anyway.
     */
    default void onChange(Runnable listener) {}

    /** Stops what it does in the background; what it has stays served. */
    @Override
    default void close() {}
}
