package dev.stowage.registry.credentials.cloud;

import dev.stowage.registry.Credential;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * A credential for registries, with its life. Printing it never shows the secret.
 *
 * @param credential what registries are given
 * @param obtained when it was issued
 * @param expires when it ends
 */
record CloudToken(Credential credential, Instant obtained, Instant expires) {

    /** Larger ones are not kept, which bounds the memory for all of them. */
    static final int MAX_LENGTH = 16 * 1024;

    CloudToken {
        Objects.requireNonNull(obtained, "obtained");
        Objects.requireNonNull(expires, "expires");
        if (credential.secret().isEmpty() || credential.secret().length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a token has 1 to " + MAX_LENGTH + " characters");
        }
    }

    boolean isValidAt(Instant now) {
        return now.isBefore(expires);
    }

    /** Whether half of its life has passed. */
    boolean isDueAt(Instant now) {
        return !now.isBefore(obtained.plus(Duration.between(obtained, expires).dividedBy(2)));
    }
}
