package dev.stowage.admission;

import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.async.Deadline;
import dev.stowage.image.Printable;
import dev.stowage.message.DenialMessage;
import dev.stowage.message.WarningMessages;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.NodeFacts;
import dev.stowage.policy.Action;
import dev.stowage.policy.Mode;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.policy.PolicyDecision;
import dev.stowage.registry.Keyring;
import dev.stowage.text.WordList;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.PodTemplate;
import dev.stowage.workload.Workload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One review in progress: the request, the results of the steps of {@link AdmissionEvaluator}, and what the response will contain.
 * The steps run one after the other, so only one thread uses it at a time.
 */
final class ReviewContext {

    private static final int MAX_OPT_OUTS = 5;

    final AdmissionRequest request;
    final PolicyConfig policy;
    final Deadline deadline;

    /** The configured mode, until the namespace's is known; then that of the pods if they opt out. */
    Mode mode;

    /** The workload as its pods will be; set once it is read. */
    @SuppressWarnings("NullAway.Init")
    Workload workload;

    /** The images to check. */
    List<ImageUse> images = List.of();

    /** One for each pod template with images to check; this one itself if the object has no other. */
    final List<ReviewContext> parts = new ArrayList<>();

    /** The path of the pod template; empty if the kind says it. */
    String path = "";

    /** All nodes and declared pools: one snapshot for all steps. */
    Collection<NodeFacts> knownNodes = List.of();

    /** Set once the nodes are known. */
    @SuppressWarnings("NullAway.Init")
    EligibleNodes eligibleNodes;

    Keyring keyring = Keyring.ANONYMOUS;

    /** Whether the pods of this template will be kept off the nodes that do not run their images. */
    boolean steered;

    private Decision decision = Decision.IGNORED;
    private final List<PolicyDecision> policyDecisions = new ArrayList<>();
    private String message = "";
    private Optional<String> denial = Optional.empty();
    private final List<String> namespaceWarnings = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** Warnings for the audit log alone. */
    private final List<String> auditWarnings = new ArrayList<>();

    private final List<String> violations = new ArrayList<>();
    private final List<String> optOuts = new ArrayList<>();
    private Optional<Mode> optOut = Optional.empty();
    private final Map<String, String> auditAnnotations = new TreeMap<>();

    ReviewContext(AdmissionRequest request, PolicyConfig policy) {
        this.request = request;
        this.policy = policy;
        this.deadline = Deadline.in(policy.admissionDeadline());
        this.mode = policy.mode();
    }

    private ReviewContext(ReviewContext whole) {
        this.request = whole.request;
        this.policy = whole.policy;
        this.deadline = whole.deadline;
        this.mode = whole.mode;
        this.knownNodes = whole.knownNodes;
    }

    /**
     * Adds a pod template with images to check.
     *
     * @param only whether the object has no other pod template
     */
    void addPart(PodTemplate template, List<ImageUse> newImages, boolean only) {
        ReviewContext part = only ? this : new ReviewContext(this);
        part.path = template.path();
        part.workload = template.workload();
        part.images = newImages;
        parts.add(part);
    }

    /** Takes over what was decided about each of its pod templates, which may have modes of their own. */
    void mergeParts() {
        List<ReviewContext> others = parts.stream().filter(part -> part != this).toList();
        List<String> denials = new ArrayList<>();
        for (ReviewContext part : others) {
            decision = Decision.ALLOWED;
            policyDecisions.addAll(part.policyDecisions);
            (part.mode == Mode.AUDIT ? auditWarnings : warnings).addAll(part.warnings);
            part.denial.ifPresent(denials::add);
            violations.addAll(part.violations);
        }
        if (!violations.isEmpty()) {
            message = DenialMessage.ofSeveral(violations);
        }
        if (!denials.isEmpty()) {
            message = DenialMessage.ofSeveral(denials);
            denial = Optional.of(message);
        }
    }

    /** The pods of this part opt out of the namespace's mode, which the audit log shows. */
    void optOut(ReviewContext part, Mode chosen) {
        part.mode = chosen;
        optOuts.add(part.path.isEmpty() ? chosen.value() : Printable.of(part.path) + ": " + chosen.value());
        optOut = optOut.filter(other -> other.compareTo(chosen) > 0).or(() -> Optional.of(chosen));
    }

    /** Adds a warning about the namespace, which is shown in every mode. */
    void warnAboutNamespace(String warning) {
        namespaceWarnings.add(warning);
    }

    /** Adds a warning about the workload; in the mode {@code audit} it goes to the audit log. */
    void warn(String warning) {
        warnings.add(WarningMessages.in(path, warning));
    }

    /** Adds warnings about the workload. */
    void warn(List<String> more) {
        more.forEach(this::warn);
    }

    /** The request is admitted without a check; the audit log contains the reason. */
    void exempt(String reason) {
        decision = Decision.EXEMPT;
        message = reason;
        auditAnnotations.put("exempt", reason);
    }

    /** The object is too large or cannot be read, which is for {@code onUnresolved} to decide. */
    void notChecked(String obstacle) {
        notChecked(Decision.UNCHECKED, obstacle);
    }

    /** The workload could not be checked: it is admitted with a warning, unless {@code onUnresolved} denies it. */
    void notChecked(Decision admitted, String reason) {
        decision = admitted;
        message = WarningMessages.ofUnreadable(request.kind(), request.name(), reason);
        if (mode == Mode.ENFORCE && policy.onUnresolved() == Action.DENY) {
            denial = Optional.of(message);
        } else {
            warnings.add(message);
        }
    }

    /** The images were checked. */
    void checked(PolicyDecision result) {
        decision = Decision.ALLOWED;
        policyDecisions.add(result);
    }

    /** The policy denies the workload; the modes other than {@code enforce} write the reason to the audit log. */
    void deny(String reason) {
        message = reason;
        if (mode == Mode.ENFORCE) {
            denial = Optional.of(reason);
        } else {
            violations.add(reason);
        }
    }

    boolean isDenied() {
        return denial.isPresent();
    }

    /** The decision, from everything that was collected. */
    AdmissionDecision decision() {
        if (decision == Decision.IGNORED) {
            return AdmissionDecision.IGNORED;
        }
        List<String> shown = new ArrayList<>(namespaceWarnings);
        List<String> audited = new ArrayList<>(auditWarnings);
        (mode == Mode.AUDIT ? audited : shown).addAll(warnings);
        if (!audited.isEmpty()) {
            auditAnnotations.put("warnings", String.join("\n", WarningMessages.bounded(audited)));
        }
        if (!violations.isEmpty()) {
            auditAnnotations.put("violations", DenialMessage.ofSeveral(violations));
        }
        if (!optOuts.isEmpty()) {
            auditAnnotations.put("opt-out", WordList.of(optOuts, MAX_OPT_OUTS));
        }
        return new AdmissionDecision(
                decisionClass(),
                Optional.of(mode),
                optOut,
                policyDecisions,
                message,
                denial,
                WarningMessages.bounded(shown),
                auditAnnotations);
    }

    private Decision decisionClass() {
        if (denial.isPresent()) {
            return Decision.DENIED;
        }
        boolean warned = !namespaceWarnings.isEmpty() || !warnings.isEmpty() || !auditWarnings.isEmpty();
        return decision == Decision.ALLOWED && warned ? Decision.WARNED : decision;
    }
}
