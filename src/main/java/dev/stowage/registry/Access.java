package dev.stowage.registry;

import dev.stowage.registry.auth.Credential;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The credentials with which a registry is read: those to try, in order. What one access can read must never be answered to
 * another; {@link #identity()} keeps them apart in caches.
 */
public final class Access {

    /** Reading without credentials. */
    public static final Access ANONYMOUS = new Access(List.of());

    /**
     * Who reads, in words that hold no secret and nothing from which one could be guessed. What was known before a restart is told by
     * them to who could have read it then.
     *
     * @param namespace the namespace whose pods read so
     * @param sources where the credentials come from, in their order, each in words that change whenever its credentials may have
     *     changed; {@link #ANYONE} alone where there are none; empty where that cannot be told
     */
    public record Origin(String namespace, List<String> sources) {

        /** The source of who has no credentials. */
        public static final String ANYONE = "anonymous";

        private static final int LONGEST = 1024;

        public Origin {
            Objects.requireNonNull(namespace, "namespace");
            sources = List.copyOf(sources);
        }

        /** All sources in one line; nothing where they cannot be told, or not in few words. */
        public Optional<String> readAs() {
            String line = String.join(", ", sources);
            return line.isEmpty() || line.length() > LONGEST ? Optional.empty() : Optional.of(line);
        }
    }

    private final List<Credential> credentials;
    private final Optional<Origin> origin;

    /** Worked out on first use, since every look-up in a cache requests it. */
    private volatile String identity;

    /** @param credentials the credentials to offer, the first first; none means anonymous */
    public Access(List<Credential> credentials) {
        this(credentials, Optional.empty());
    }

    /**
     * @param credentials the credentials to offer, the first first; none means anonymous
     * @param origin who reads, where that is known
     */
    public Access(List<Credential> credentials, Optional<Origin> origin) {
        this.credentials = List.copyOf(credentials);
        this.origin = Objects.requireNonNull(origin, "origin");
    }

    /** Who reads, where that is known. It makes no difference to what is read, so it does not count in {@link #equals}. */
    public Optional<Origin> origin() {
        return origin;
    }

    /** The same reader without any credentials. */
    public Access anonymous() {
        return credentials.isEmpty()
                ? this
                : new Access(List.of(), origin.map(known -> new Origin(known.namespace(), List.of(Origin.ANYONE))));
    }

    /** The credentials to offer, the first first; none means anonymous. */
    public List<Credential> credentials() {
        return credentials;
    }

    /** A key for caches: equal for equal credentials, and no secret can be read from it. Anonymous access has the empty one. */
    public String identity() {
        String known = identity;
        if (known == null) {
            known = Credential.identityOf(credentials);
            identity = known;
        }
        return known;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Access access && credentials.equals(access.credentials);
    }

    @Override
    public int hashCode() {
        return credentials.hashCode();
    }

    @Override
    public String toString() {
        return "Access" + credentials;
    }
}
