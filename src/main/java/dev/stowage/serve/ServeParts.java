package dev.stowage.serve;

import dev.stowage.tls.CertificateSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * What {@link Serving} is made of.
 *
 * @param settings how the webhook listens
 * @param certificates what it serves on TLS
 * @param reviews who answers
 * @param prerequisites what has to be there before it is ready
 * @param rehearsal what is gone through after that, made anew for each try; making it may block
 */
public record ServeParts(
        ServerSettings settings,
        CertificateSource certificates,
        ReviewHandler reviews,
        List<Prerequisite> prerequisites,
        Callable<Rehearsal> rehearsal) {

    public ServeParts {
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(certificates, "certificates");
        Objects.requireNonNull(reviews, "reviews");
        prerequisites = List.copyOf(prerequisites);
        Objects.requireNonNull(rehearsal, "rehearsal");
    }

    /** The same, rehearsed with the real handler, whose answers leave no trace. */
    public ServeParts(
            ServerSettings settings,
            CertificateSource certificates,
            ReviewHandler reviews,
            List<Prerequisite> prerequisites) {
        this(settings, certificates, reviews, prerequisites, () -> Rehearsal.on(reviews));
    }
}
