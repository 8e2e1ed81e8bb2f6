package dev.stowage.attestation;

import java.io.IOException;
import java.io.Serial;

/** What is said to be a statement cannot be read as one; the message says why and holds no foreign text. */
public final class InvalidStatementException extends IOException {

    @Serial
    private static final long serialVersionUID = 1;

    InvalidStatementException(String message) {
        super(message);
    }
}
