package dev.stowage.registry;

import dev.stowage.registry.auth.Credential;
import java.util.List;

/**
 * With whose eyes a registry is read: the credentials to try, in order. What one access can read must never be answered to
 * another; {@link #identity()} keeps them apart in caches.
 *
 * @param credentials the credentials to offer, the first first; none means anonymous
 */
public record Access(List<Credential> credentials) {

    /** Reading without credentials. */
    public static final Access ANONYMOUS = new Access(List.of());

    public Access {
        credentials = List.copyOf(credentials);
    }

    /** A key for caches: equal for equal credentials, and no secret can be read from it. Anonymous access has the empty one. */
    public String identity() {
        return Credential.identityOf(credentials);
    }
}
