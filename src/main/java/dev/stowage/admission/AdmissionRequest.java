package dev.stowage.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.policy.Requester;
import java.util.Objects;
import java.util.Optional;

/**
 * The fields of an AdmissionReview's request that Stowage needs (admission.k8s.io/v1, AdmissionRequest).
 *
 * @param uid the request's identity, which the response repeats
 * @param kind the kind of the object
 * @param subResource for example {@code ephemeralcontainers}; empty for the object itself
 * @param operation the operation on the object
 * @param namespace the namespace; empty for objects that have none
 * @param name the object's name; empty if the API server has not generated it yet
 * @param requester the user who sent the request
 * @param dryRun whether nothing will be persisted
 * @param object the new object, without the fields that are not needed
 * @param oldObject the existing object, likewise; empty if it is too large to compare
 * @param obstacle why the object cannot be checked: it is too large, or a part of the request cannot be read. The other fields are
 *     those that were read before
 * @param large whether its check takes longer than most, and should not delay other reviews
 */
record AdmissionRequest(
        String uid,
        String kind,
        String subResource,
        Operation operation,
        String namespace,
        String name,
        Requester requester,
        boolean dryRun,
        Optional<JsonNode> object,
        Optional<JsonNode> oldObject,
        Optional<String> obstacle,
        boolean large) {

    /** The operation on the object. */
    enum Operation {
        CREATE,
        UPDATE,
        DELETE,
        CONNECT
    }

    AdmissionRequest {
        Objects.requireNonNull(uid, "uid");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(subResource, "subResource");
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(requester, "requester");
        Objects.requireNonNull(object, "object");
        Objects.requireNonNull(oldObject, "oldObject");
        Objects.requireNonNull(obstacle, "obstacle");
    }

    /** Whether the object is being deleted and only waits for its finalizers. */
    boolean isBeingDeleted() {
        return object.map(node -> node.path("metadata").hasNonNull("deletionTimestamp"))
                .orElse(false);
    }
}
