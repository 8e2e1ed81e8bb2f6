package dev.stowage.registry;

import dev.stowage.registry.RegistryFailure.Kind;
import java.util.Comparator;
import java.util.List;

/** Makes one failure of those of several hosts and credentials. */
final class Failures {

    /**
     * The most telling last. What leaves open whether a node could run the image outweighs what denies it: one mirror that is
     * down may be the one that has it.
     */
    private static final List<Kind> TELLING = List.of(
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

    private Failures() {}

    /** The most telling of these failures, the last among equals; its reason says with how many credentials it was tried. */
    static RegistryFailure mostTelling(List<RegistryFailure> failures, int credentials) {
        RegistryFailure most = failures.get(0);
        Comparator<RegistryFailure> telling = Comparator.comparing(failure -> TELLING.indexOf(failure.kind()));
        for (RegistryFailure failure : failures) {
            most = telling.compare(failure, most) >= 0 ? failure : most;
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
