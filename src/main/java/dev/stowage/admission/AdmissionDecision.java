package dev.stowage.admission;

import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.image.Printable;
import dev.stowage.message.DenialMessage;
import dev.stowage.message.WarningMessages;
import dev.stowage.policy.Mode;
import dev.stowage.policy.NodeSelectorProposal;
import dev.stowage.policy.PolicyDecision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request and what came of it.
 *
 * @param decision the class of the answer
 * @param mode the namespace's mode, where it was looked up
 * @param policy what was ruled, where images were checked
 * @param message what there is to say to operators
 * @param response the answer
 */
record AdmissionDecision(
        Decision decision,
        Optional<Mode> mode,
        Optional<PolicyDecision> policy,
        String message,
        AdmissionResponse response) {

    static final AdmissionDecision IGNORED =
            new AdmissionDecision(Decision.IGNORED, Optional.empty(), Optional.empty(), "", AdmissionResponse.ALLOWED);

    /** Admitted unseen, which the audit log says. */
    static AdmissionDecision exempt(Mode mode, String reason) {
        AdmissionResponse response = new AdmissionResponse(Optional.empty(), List.of(), Map.of("exempt", reason));
        return new AdmissionDecision(Decision.EXEMPT, Optional.of(mode), Optional.empty(), reason, response);
    }

    /** Admitted with a warning, or refused where what is not known is refused. */
    static AdmissionDecision unknown(Decision decision, Mode mode, boolean denied, String sentence) {
        Optional<String> denial = denied ? Optional.of(sentence) : Optional.empty();
        boolean warns = !denied && mode != Mode.AUDIT;
        Map<String, String> annotations = denied || warns ? Map.of() : Map.of("warnings", sentence);
        return new AdmissionDecision(
                denied ? Decision.DENIED : decision,
                Optional.of(mode),
                Optional.empty(),
                sentence,
                new AdmissionResponse(denial, warns ? List.of(sentence) : List.of(), annotations));
    }

    /**
     * What a ruling means in this mode.
     *
     * @param proposal a node selector that was found to work
     */
    static AdmissionDecision ofPolicy(
            PolicyDecision policyDecision, Mode mode, Optional<NodeSelectorProposal> proposal) {
        if (policyDecision.isClean()) {
            return new AdmissionDecision(
                    Decision.ALLOWED, Optional.of(mode), Optional.of(policyDecision), "", AdmissionResponse.ALLOWED);
        }
        boolean refused = !policyDecision.refusals().isEmpty();
        String denial = refused ? DenialMessage.of(policyDecision, proposal) : "";
        List<String> warnings = new ArrayList<>();
        if (refused && mode != Mode.ENFORCE) {
            warnings.addAll(WarningMessages.ofRefusals(policyDecision));
        }
        warnings.addAll(WarningMessages.ofConcerns(policyDecision));
        List<String> told = WarningMessages.bounded(warnings);
        if (refused && mode == Mode.ENFORCE) {
            AdmissionResponse response = new AdmissionResponse(Optional.of(denial), told, Map.of());
            return new AdmissionDecision(
                    Decision.DENIED, Optional.of(mode), Optional.of(policyDecision), denial, response);
        }
        Map<String, String> annotations = new TreeMap<>();
        if (refused) {
            annotations.put("violations", denial);
        }
        if (mode == Mode.AUDIT && !warnings.isEmpty()) {
            annotations.put("warnings", String.join("\n", told));
        }
        AdmissionResponse response =
                new AdmissionResponse(Optional.empty(), mode == Mode.AUDIT ? List.of() : told, annotations);
        return new AdmissionDecision(Decision.WARNED, Optional.of(mode), Optional.of(policyDecision), denial, response);
    }

    /** The same with one more warning, the first. */
    AdmissionDecision withWarning(String warning) {
        List<String> warnings = new ArrayList<>();
        warnings.add(warning);
        warnings.addAll(response.warnings());
        return new AdmissionDecision(
                decision == Decision.ALLOWED ? Decision.WARNED : decision,
                mode,
                policy,
                message,
                new AdmissionResponse(
                        response.denial(), WarningMessages.bounded(warnings), response.auditAnnotations()));
    }

    /** The same with an added sentence, if the mode reports such sentences. */
    AdmissionDecision withRemark(String sentence) {
        if (!mode.equals(Optional.of(Mode.AUDIT))) {
            return withWarning(sentence);
        }
        Map<String, String> annotations = new TreeMap<>(response.auditAnnotations());
        annotations.merge("warnings", sentence, (before, added) -> added + "\n" + before);
        return new AdmissionDecision(
                decision == Decision.ALLOWED ? Decision.WARNED : decision,
                mode,
                policy,
                message,
                new AdmissionResponse(response.denial(), response.warnings(), annotations));
    }

    /** For the one who operates Stowage. */
    AdmissionEvent event(AdmissionRequest request, Duration took) {
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
                took);
    }
}
