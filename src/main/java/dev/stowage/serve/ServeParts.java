package dev.stowage.serve;

import dev.stowage.tls.CertificateSource;
import java.util.List;
import java.util.Objects;

/**
 * What {@link Serving} is made of.
 *
 * @param settings how the webhook listens
 * @param certificates what it serves on TLS
 * @param reviews who answers
 * @param prerequisites what has to be there before it is ready
 */
public record ServeParts(
        ServerSettings settings,
        CertificateSource certificates,
        ReviewHandler reviews,
        List<Prerequisite> prerequisites) {

    public ServeParts {
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(certificates, "certificates");
        Objects.requireNonNull(reviews, "reviews");
        prerequisites = List.copyOf(prerequisites);
    }
}
