package dev.stowage.tls.managed;

import dev.stowage.kube.ApiErrors;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** A call to the API server that failed. The message is one clause; where a permission is missing it names it. */
final class ApiException extends Exception {

    private static final long serialVersionUID = 1L;
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;

    private final boolean conflict;

    private ApiException(String message, boolean conflict, Throwable cause) {
        super(message, cause);
        this.conflict = conflict;
    }

    /**
     * Puts it in words.
     *
     * @param verb the verb, as in RBAC
     * @param object to what: {@code Secret "stowage-tls" in namespace "stowage"}
     * @param right the permission that it takes: {@code "get" on "secrets" in namespace "stowage"}
     */
    static ApiException of(KubernetesClientException failure, String verb, String object, String right) {
        if (failure.getCode() == FORBIDDEN && !ApiErrors.reason(failure).contains("being terminated")) {
            return new ApiException(
                    "is not allowed to " + verb + " " + object + ": the ServiceAccount lacks the permission " + right,
                    false,
                    failure);
        }
        return new ApiException(
                "cannot " + verb + " " + object + ": " + ApiErrors.reason(failure),
                failure.getCode() == CONFLICT,
                failure);
    }

    /** Whether another client was faster, so that it should be read again. */
    boolean isConflict() {
        return conflict;
    }
}
