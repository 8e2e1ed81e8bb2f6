package dev.stowage.admission;

import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.image.Printable;
import dev.stowage.policy.Mode;
import dev.stowage.policy.PolicyDecision;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The decision about a request. {@link ReviewContext#decision} makes it.
 *
 * @param decision the class of the decision
 * @param mode the namespace's mode; empty if the request contains nothing to check
 * @param optOut the mode that pods chose by an annotation, if they did
 * @param policy the policy's decisions, one for each pod template whose images were checked
 * @param message the text for the log: of a denial, an exemption or a review that failed; else empty
 * @param denial the reason for the denial; empty if the request is admitted
 * @param warnings the warnings for the requester
 * @param auditAnnotations the API server's audit log; it puts the webhook's name before the keys
 */
record AdmissionDecision(
        Decision decision,
        Optional<Mode> mode,
        Optional<Mode> optOut,
        List<PolicyDecision> policy,
        String message,
        Optional<String> denial,
        List<String> warnings,
        Map<String, String> auditAnnotations) {

    static final AdmissionDecision IGNORED = new AdmissionDecision(
            Decision.IGNORED, Optional.empty(), Optional.empty(), List.of(), "", Optional.empty(), List.of(), Map.of());

    AdmissionDecision {
        policy = List.copyOf(policy);
        warnings = List.copyOf(warnings);
        auditAnnotations = Collections.unmodifiableMap(new TreeMap<>(auditAnnotations));
    }

    /** The event for the observers. */
    AdmissionEvent event(AdmissionRequest request, Duration duration) {
        return new AdmissionEvent(
                decision,
                Printable.of(request.kind()),
                request.namespace(),
                request.name(),
                request.requester().user(),
                request.dryRun(),
                mode,
                policy,
                message,
                duration,
                optOut);
    }
}
