package dev.stowage.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.policy.Requester;
import java.util.Objects;
import java.util.Optional;

/**
 * What Stowage needs of an AdmissionReview's request (admission.k8s.io/v1, AdmissionRequest).
 *
 * @param uid the request's identity, to be echoed
 * @param kind the kind of the object
 * @param subResource for example {@code ephemeralcontainers}; empty when the object itself is meant
 * @param operation what is being done
 * @param namespace the namespace; empty for objects that have none
 * @param name the object's name; empty where the API server is yet to make one
 * @param requester the requester
 * @param dryRun whether nothing will be kept
 * @param object the object as it shall be, without the parts that are not needed
 * @param oldObject the object as it was, likewise
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
        Optional<JsonNode> oldObject) {

    /** What is done to the object. */
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
    }

    /** Whether the object is only kept for its finalizers to end. */
    boolean isBeingDeleted() {
        return object.map(node -> node.path("metadata").hasNonNull("deletionTimestamp"))
                .orElse(false);
    }
}
