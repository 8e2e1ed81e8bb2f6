package dev.stowage.node;

import dev.stowage.image.Printable;
import dev.stowage.node.Ineligibility.Cause;
import dev.stowage.node.NodeSelectorTerm.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts in words which rule of a pod excludes a node; the rules themselves are those of {@link NodeFilter}. */
final class IneligibilityDescription {

    private static final int TEXT_LENGTH = 80;
    private static final int ITEMS = 4;

    private final SchedulingRules rules;
    private final NodeFacts node;

    IneligibilityDescription(SchedulingRules rules, NodeFacts node) {
        this.rules = rules;
        this.node = node;
    }

    /** The first rule in the order of {@link Cause}; null if the filter admits the node. */
    @Nullable
    Ineligibility first(NodeFilter filter) {
        Map.Entry<String, String> label = filter.otherLabel(node);
        Taint taint = filter.repellingTaint(node);
        String resource = filter.missingResource(node);
        if (node.profile().isEmpty()) {
            return new Ineligibility(Cause.UNKNOWN_PLATFORM, "does not report its platform");
        } else if (!filter.isStated(node)) {
            return new Ineligibility(Cause.STATED_PLATFORM, otherPlatform());
        } else if (!filter.fitsName(node)) {
            return new Ineligibility(
                    Cause.NODE_NAME,
                    "is not the node of nodeName " + shown(rules.nodeName().orElse("")));
        } else if (!filter.fitsOs(node)) {
            return new Ineligibility(
                    Cause.OS,
                    "runs " + node.profile().get().platform().os() + ", but spec.os.name is "
                            + shown(rules.os().orElse("")));
        } else if (label != null) {
            return new Ineligibility(Cause.NODE_SELECTOR, otherLabel(label));
        } else if (taint != null) {
            return new Ineligibility(Cause.TAINT, "taint " + shown(taint.toString()) + " is not tolerated");
        } else if (resource != null) {
            return new Ineligibility(Cause.RESOURCE, "has no " + shown(resource));
        }
        return filter.fitsAffinity(node) ? null : new Ineligibility(Cause.NODE_AFFINITY, affinity());
    }

    private String otherPlatform() {
        StatedPlatforms stated = rules.platforms().orElseThrow();
        return "is " + node.profile().orElseThrow().platform() + ", not "
                + listing(stated.platforms().stream().map(Object::toString).toList(), " or ") + ", "
                + stated.source().clause();
    }

    private String otherLabel(Map.Entry<String, String> wanted) {
        String selector = "nodeSelector " + shown(wanted.getKey() + "=" + wanted.getValue());
        String value = PlatformLabels.label(node, wanted.getKey());
        return value == null
                ? "has no label " + shown(wanted.getKey()) + ", which " + selector + " requires"
                : "label " + shown(wanted.getKey() + "=" + value) + " does not match " + selector;
    }

    private String affinity() {
        List<String> terms = rules.requiredAffinity().orElse(List.of()).stream()
                .map(IneligibilityDescription::term)
                .toList();
        return terms.isEmpty()
                ? "the required node affinity has no terms and matches no node"
                : "does not match the required node affinity: " + listing(terms, " or ");
    }

    private static String term(NodeSelectorTerm term) {
        List<String> requirements = new ArrayList<>();
        term.matchExpressions().forEach(requirement -> requirements.add(requirement(requirement)));
        term.matchFields().forEach(requirement -> requirements.add(requirement(requirement)));
        return requirements.isEmpty() ? "an empty term" : listing(requirements, " and ");
    }

    private static String requirement(Requirement requirement) {
        String values = requirement.values().isEmpty()
                ? ""
                : " ["
                        + listing(
                                requirement.values().stream()
                                        .map(IneligibilityDescription::shown)
                                        .toList(),
                                ", ") + "]";
        return shown(requirement.key()) + " " + shown(requirement.operator()) + values;
    }

    private static String listing(List<String> items, String separator) {
        String listed = items.stream().limit(ITEMS).collect(Collectors.joining(separator));
        return items.size() <= ITEMS ? listed : listed + " and " + (items.size() - ITEMS) + " more";
    }

    private static String shown(String text) {
        String printable = Printable.of(text);
        return printable.length() <= TEXT_LENGTH ? printable : printable.substring(0, TEXT_LENGTH - 1) + "…";
    }
}
