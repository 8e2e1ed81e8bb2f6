package dev.stowage.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The credentials with which a registry is read: those to try, in order. What one access can read must never be answered to
 * another; {@link #identity()} keeps them apart in caches.
 */
public final class ReadCredentials {

    /** Reading without credentials. */
    public static final ReadCredentials ANONYMOUS = new ReadCredentials(List.of());

    private final List<Credential> credentials;
    private final String namespace;
    private final boolean ofPod;
    private final List<String> problems;

    /** Worked out on first use, since every look-up in a cache requests it. */
    private volatile @Nullable String identity;

    /** @param credentials the credentials to offer, the first first; none means anonymous */
    public ReadCredentials(List<Credential> credentials) {
        this(credentials, "", false, List.of());
    }

    private ReadCredentials(List<Credential> credentials, String namespace, boolean ofPod, List<String> problems) {
        this.credentials = List.copyOf(credentials);
        this.namespace = namespace;
        this.ofPod = ofPod;
        this.problems = List.copyOf(problems);
    }

    /** The same credentials, used for this namespace. It has its share of connections and name lookups; caches disregard it. */
    public ReadCredentials forNamespace(String namespace) {
        return new ReadCredentials(credentials, namespace, ofPod, problems);
    }

    /** The same credentials, some of which the pod itself pulls with. */
    public ReadCredentials fromPod() {
        return new ReadCredentials(credentials, namespace, true, problems);
    }

    /** The same credentials, with the problems because of which they may be fewer than the kubelet would have. */
    public ReadCredentials withProblems(List<String> problems) {
        return new ReadCredentials(credentials, namespace, ofPod, problems);
    }

    /**
     * Why these may be fewer credentials than the kubelet would have for this repository; for the case that a registry refuses them. One
     * clause each, for people; no secret in it. Caches disregard it.
     */
    public List<String> problems() {
        return problems;
    }

    /** Whether the pod itself has some of them, so that a registry answers its node alike. */
    public boolean ofPod() {
        return ofPod;
    }

    /** The namespace that they are used for; empty outside a cluster. */
    public String namespace() {
        return namespace;
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
        return other instanceof ReadCredentials access && credentials.equals(access.credentials);
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
