package dev.stowage.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.admission.AdmissionRequest.Operation;
import dev.stowage.admission.ReportedImage.Finding;
import dev.stowage.message.PreviewMessages;
import dev.stowage.message.WarningMessages;
import dev.stowage.policy.Mode;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.steering.SteeringMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Warns when a label of Stowage on a Namespace changes: about a value that is not valid, and about what would be denied once the
 * mode is {@code enforce}, from ImageReports. It never denies, reads memory only, and sends no request.
 */
final class NamespacePreview {

    private static final String KIND = "Namespace";

    private final ReportedImages reports;

    NamespacePreview(ReportedImages reports) {
        this.reports = reports;
    }

    /** Whether the request is about a Namespace. */
    static boolean isFor(AdmissionRequest request) {
        return request.kind().equals(KIND)
                && request.object()
                        .filter(object -> object.path("apiVersion").asText().equals("v1"))
                        .isPresent();
    }

    /** Admits, with warnings. */
    AdmissionDecision review(AdmissionRequest request, PolicyConfig policy) {
        boolean changes = request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        if (!changes || request.isBeingDeleted()) {
            return AdmissionDecision.IGNORED;
        }
        List<String> warnings = new ArrayList<>(ofMode(request, policy));
        Optional<String> steering = label(request.object(), SteeringMode.LABEL);
        if (!steering.equals(label(request.oldObject(), SteeringMode.LABEL))) {
            steering.filter(value -> !SteeringMode.isValid(value))
                    .ifPresent(value -> warnings.add(WarningMessages.ofWrongSteering(
                            request.name(), SteeringMode.LABEL, value, SteeringMode.allowedValues())));
        }
        return warnings.isEmpty()
                ? AdmissionDecision.IGNORED
                : new AdmissionDecision(
                        Decision.WARNED,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        "",
                        Optional.empty(),
                        warnings.subList(0, Math.min(warnings.size(), WarningMessages.MAX_COUNT)),
                        Map.of());
    }

    private List<String> ofMode(AdmissionRequest request, PolicyConfig policy) {
        Optional<String> before = label(request.oldObject(), Mode.LABEL);
        Optional<String> after = label(request.object(), Mode.LABEL);
        if (before.equals(after)) {
            return List.of();
        }
        List<String> warnings = new ArrayList<>();
        after.filter(value -> Mode.of(value).isEmpty())
                .ifPresent(value -> warnings.add(WarningMessages.ofWrongMode(request.name(), value, policy.mode())));
        boolean enforced = effective(after, policy) == Mode.ENFORCE
                && (after.isPresent() || effective(before, policy) != Mode.ENFORCE);
        if (enforced && request.operation() == Operation.UPDATE) {
            warnings.addAll(preview(request.name(), policy));
        }
        return warnings;
    }

    private List<String> preview(String namespace, PolicyConfig policy) {
        if (policy.exemptions().includesNamespace(namespace)) {
            return PreviewMessages.ofUnknown(
                    namespace, "it is exempt (exemptions.namespaces), so nothing in it is checked");
        }
        ReportedImages.Known known = reports.in(namespace);
        if (known.problem().isPresent()) {
            return PreviewMessages.ofUnknown(namespace, known.problem().get());
        }
        if (known.images().isEmpty()) {
            return PreviewMessages.ofUnknown(namespace, "it has no ImageReports of images in use");
        }
        List<PreviewMessages.Denied> denied = known.images().stream()
                .filter(image -> image.isDeniedBy(policy))
                .map(image -> new PreviewMessages.Denied(image.image(), image.sentence(), image.workloads()))
                .toList();
        int unknown = (int) known.images().stream()
                .filter(image -> image.finding() == Finding.UNKNOWN
                        || image.finding() == Finding.UNRESOLVED && !image.isDeniedBy(policy))
                .count();
        return PreviewMessages.of(namespace, denied, unknown, known.images().size());
    }

    private static Mode effective(Optional<String> label, PolicyConfig policy) {
        return label.flatMap(Mode::of).orElse(policy.mode());
    }

    private static Optional<String> label(Optional<JsonNode> namespace, String name) {
        return namespace
                .map(object -> object.path("metadata").path("labels").path(name))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue);
    }
}
