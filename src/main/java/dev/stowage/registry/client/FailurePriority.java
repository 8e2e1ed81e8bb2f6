package dev.stowage.registry.client;

import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryFailure.Kind;
import java.util.Comparator;
import java.util.List;

/** Combines the failures of several hosts and credentials into one. */
final class FailurePriority {

    /**
     * The most specific last. An undetermined failure outweighs one that denies the image: a mirror that is down may be the one
     * that has it.
     */
    private static final List<Kind> ASCENDING = List.of(
            Kind.NOT_FOUND,
            Kind.NOT_AN_IMAGE,
            Kind.TOO_LARGE,
            Kind.INVALID,
            Kind.REFUSED,
            Kind.UNAVAILABLE,
            Kind.TIMEOUT,
            Kind.UNAUTHORIZED,
            Kind.FORBIDDEN,
            Kind.RATE_LIMITED);

    private FailurePriority() {}

    /** The most specific of these failures, the last among equals; its reason gives the number of credentials tried. */
    static RegistryFailure mostSpecific(List<RegistryFailure> failures, int credentials) {
        RegistryFailure most = failures.get(0);
        Comparator<RegistryFailure> bySpecificity = Comparator.comparing(failure -> ASCENDING.indexOf(failure.kind()));
        for (RegistryFailure failure : failures) {
            most = bySpecificity.compare(failure, most) >= 0 ? failure : most;
        }
        return credentials < 2
                ? most
                : new RegistryFailure(
                        most.kind(),
                        most.host(),
                        most.subject(),
                        most.reason() + " (" + credentials + " credentials tried)",
                        most.retryAfter());
    }
}
