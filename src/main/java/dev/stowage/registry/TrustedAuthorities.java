package dev.stowage.registry;

import java.security.cert.X509Certificate;
import java.util.List;

/** Certificate authorities that are trusted for all registries, next to those of the Java runtime. */
@FunctionalInterface
public interface TrustedAuthorities {

    /** None but those of the Java runtime. */
    TrustedAuthorities NONE = of(List.of());

    /** The authorities that are trusted now; the same list until they change. */
    List<X509Certificate> current();

    /** Authorities that never change. */
    static TrustedAuthorities of(List<X509Certificate> authorities) {
        List<X509Certificate> all = List.copyOf(authorities);
        return () -> all;
    }
}
