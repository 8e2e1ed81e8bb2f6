package dev.stowage.admission;

import dev.stowage.admission.AdmissionOutcome.Decision;
import dev.stowage.image.Printable;
import dev.stowage.message.DenialMessage;
import dev.stowage.message.WarningMessages;
import dev.stowage.policy.Mode;
import dev.stowage.policy.Ruling;
import dev.stowage.policy.SelectorProposal;
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
 * @param ruling what was ruled, where images were checked
 * @param message what there is to say to operators
 * @param response the answer
 */
record Handled(Decision decision, Optional<Mode> mode, Optional<Ruling> ruling, String message, Response response) {

    static final Handled IGNORED =
            new Handled(Decision.IGNORED, Optional.empty(), Optional.empty(), "", Response.ALLOWED);

    /** Admitted unseen, which the audit log says. */
    static Handled exempt(Mode mode, String reason) {
        Response response = new Response(Optional.empty(), List.of(), Map.of("exempt", reason));
        return new Handled(Decision.EXEMPT, Optional.of(mode), Optional.empty(), reason, response);
    }

    /** Admitted with a warning, or refused where what is not known is refused. */
    static Handled unknown(Decision decision, Mode mode, boolean denied, String sentence) {
        Optional<String> denial = denied ? Optional.of(sentence) : Optional.empty();
        boolean warns = !denied && mode != Mode.AUDIT;
        Map<String, String> annotations = denied || warns ? Map.of() : Map.of("warnings", sentence);
        return new Handled(
                denied ? Decision.DENIED : decision,
                Optional.of(mode),
                Optional.empty(),
                sentence,
                new Response(denial, warns ? List.of(sentence) : List.of(), annotations));
    }

    /**
     * What a ruling means in this mode.
     *
     * @param proposal a node selector that was found to work
     */
    static Handled ruled(Ruling ruling, Mode mode, Optional<SelectorProposal> proposal) {
        if (ruling.isClean()) {
            return new Handled(Decision.ALLOWED, Optional.of(mode), Optional.of(ruling), "", Response.ALLOWED);
        }
        boolean refused = !ruling.refusals().isEmpty();
        String denial = refused ? DenialMessage.of(ruling, proposal) : "";
        List<String> warnings = new ArrayList<>();
        if (refused && mode != Mode.ENFORCE) {
            warnings.addAll(WarningMessages.ofRefusals(ruling));
        }
        warnings.addAll(WarningMessages.ofConcerns(ruling));
        List<String> told = WarningMessages.bounded(warnings);
        if (refused && mode == Mode.ENFORCE) {
            Response response = new Response(Optional.of(denial), told, Map.of());
            return new Handled(Decision.DENIED, Optional.of(mode), Optional.of(ruling), denial, response);
        }
        Map<String, String> annotations = new TreeMap<>();
        if (refused) {
            annotations.put("violations", denial);
        }
        if (mode == Mode.AUDIT && !warnings.isEmpty()) {
            annotations.put("warnings", String.join("\n", told));
        }
        Response response = new Response(Optional.empty(), mode == Mode.AUDIT ? List.of() : told, annotations);
        return new Handled(Decision.WARNED, Optional.of(mode), Optional.of(ruling), denial, response);
    }

    /** The same with one more warning, the first. */
    Handled warning(String warning) {
        List<String> warnings = new ArrayList<>();
        warnings.add(warning);
        warnings.addAll(response.warnings());
        return new Handled(
                decision == Decision.ALLOWED ? Decision.WARNED : decision,
                mode,
                ruling,
                message,
                new Response(response.denial(), WarningMessages.bounded(warnings), response.auditAnnotations()));
    }

    /** The same with an added sentence, if the mode reports such sentences. */
    Handled remark(String sentence) {
        if (!mode.equals(Optional.of(Mode.AUDIT))) {
            return warning(sentence);
        }
        Map<String, String> annotations = new TreeMap<>(response.auditAnnotations());
        annotations.merge("warnings", sentence, (before, added) -> added + "\n" + before);
        return new Handled(
                decision == Decision.ALLOWED ? Decision.WARNED : decision,
                mode,
                ruling,
                message,
                new Response(response.denial(), response.warnings(), annotations));
    }

    /** For the one who operates Stowage. */
    AdmissionOutcome outcome(AdmissionRequest request, Duration took) {
        return new AdmissionOutcome(
                decision,
                Printable.of(request.kind()),
                request.namespace(),
                request.name(),
                request.requester().user(),
                request.dryRun(),
                mode,
                ruling,
                message,
                took);
    }
}
