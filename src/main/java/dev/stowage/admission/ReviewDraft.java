package dev.stowage.admission;

import dev.stowage.admission.AdmissionRequest.Operation;
import dev.stowage.image.Printable;
import dev.stowage.policy.Requester;
import dev.stowage.workload.ReducedObject;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields of an AdmissionReview that were read so far, in any order. */
final class ReviewDraft {

    private static final String VERSION = "admission.k8s.io/v1";

    String apiVersion = "";
    String reviewKind = "";
    boolean hasRequest;
    String uid = "";
    String kind = "";
    String subResource = "";
    String operation = "";
    String namespace = "";
    String name = "";
    String user = "";
    List<String> groups = List.of();
    boolean dryRun;
    Optional<ReducedObject> object = Optional.empty();
    Optional<ReducedObject> oldObject = Optional.empty();
    private @Nullable InvalidReviewException failure;

    /** Reading ended early. */
    void fails(InvalidReviewException cause) {
        failure = cause;
    }

    /**
     * The request; with an obstacle if its object is too large or a part of it is not valid.
     *
     * @throws InvalidReviewException if this is not a request to which an answer can be written
     */
    AdmissionRequest request() throws InvalidReviewException {
        if (uid.isEmpty() || !reviewKind.equals("AdmissionReview") || !apiVersion.equals(VERSION)) {
            throw failure == null ? notAReview() : failure;
        }
        Optional<Operation> known = knownOperation();
        return new AdmissionRequest(
                uid,
                kind,
                subResource,
                known.orElse(Operation.CREATE),
                namespace,
                name,
                new Requester(user, groups),
                dryRun,
                object.map(ReducedObject::fields),
                oldObject.filter(old -> old.excess().isEmpty()).map(ReducedObject::fields),
                obstacle(known),
                isLarge(object) || isLarge(oldObject));
    }

    private InvalidReviewException notAReview() {
        if (!reviewKind.equals("AdmissionReview")) {
            return new InvalidReviewException(
                    "The body is of kind \"" + Printable.of(reviewKind) + "\", not AdmissionReview.");
        }
        if (!apiVersion.equals(VERSION)) {
            return new InvalidReviewException("The AdmissionReview is of version \"" + Printable.of(apiVersion)
                    + "\"; Stowage supports " + VERSION + " (admissionReviewVersions: [v1]).");
        }
        return new InvalidReviewException(
                hasRequest ? "The AdmissionReview's request has no uid." : "The AdmissionReview has no request.");
    }

    private Optional<String> obstacle(Optional<Operation> known) {
        if (failure != null) {
            return Optional.of(String.valueOf(failure.getMessage()));
        }
        if (known.isEmpty()) {
            return Optional.of("The AdmissionReview's operation is \"" + Printable.of(operation)
                    + "\", not CREATE, UPDATE, DELETE or CONNECT.");
        }
        boolean needsObject = known.get() == Operation.CREATE || known.get() == Operation.UPDATE;
        if (needsObject && object.isEmpty()) {
            return Optional.of("The AdmissionReview has no object to " + known.get() + ".");
        }
        return object.flatMap(ReducedObject::excess).map(excess -> "it is too large to check: " + excess);
    }

    private Optional<Operation> knownOperation() {
        for (Operation known : Operation.values()) {
            if (known.name().equals(operation)) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }

    private static boolean isLarge(Optional<ReducedObject> reduced) {
        return reduced.filter(ReducedObject::large).isPresent();
    }
}
