package dev.stowage.admission;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is answered to a request.
 *
 * @param denial why it is refused; empty when it is admitted
 * @param warnings for the requester
 * @param auditAnnotations for the API server's audit log; it puts the webhook's name before the keys
 */
record AdmissionResponse(Optional<String> denial, List<String> warnings, Map<String, String> auditAnnotations) {

    static final AdmissionResponse ALLOWED = new AdmissionResponse(Optional.empty(), List.of(), Map.of());

    AdmissionResponse {
        warnings = List.copyOf(warnings);
        auditAnnotations = Collections.unmodifiableMap(new TreeMap<>(auditAnnotations));
    }
}
