package dev.stowage.demo;

import java.net.URI;

/** The webhook that is shown: it serves over TLS on loopback. */
interface Webhook extends AutoCloseable {

    /** Where it takes reviews: {@code https://127.0.0.1:34567/validate}. */
    URI url();

    /** The PEM certificates that its own is checked against. */
    byte[] authorities();

    @Override
    void close();
}
