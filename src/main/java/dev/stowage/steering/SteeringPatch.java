package dev.stowage.steering;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.node.Toleration;
import dev.stowage.platform.Platform;
import dev.stowage.steering.SteeringPlan.Steered;
import dev.stowage.steering.SteeringSettings.Preference;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The JSON patch (RFC 6902) that adds a plan to a pod: nothing that is there already, so that a pod that the API server shows again,
 * after another webhook has changed it, gets only what is new.
 */
public final class SteeringPatch {

    /** The annotation with the platforms that a pod was bound to. Anybody may set it, so nothing relies on it. */
    public static final String ANNOTATION = "stowage.dev/steered";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
    private static final String TERMS = "nodeSelectorTerms";
    private static final String EXPRESSIONS = "matchExpressions";
    private static final String AFFINITY = "/spec/affinity";
    private static final String NODE_AFFINITY = AFFINITY + "/nodeAffinity";

    private final JsonNode pod;
    private final Steered plan;
    private final ArrayNode operations = JSON.arrayNode();

    private SteeringPatch(JsonNode pod, Steered plan) {
        this.pod = pod;
        this.plan = plan;
    }

    /**
     * The operations for this pod.
     *
     * @param pod the pod, complete or with the fields that Stowage needs
     * @return empty if the pod has all of it already
     */
    public static Optional<ArrayNode> of(JsonNode pod, Steered plan) {
        return new SteeringPatch(pod, plan).operations();
    }

    private Optional<ArrayNode> operations() {
        addAffinity();
        addTolerations();
        if (operations.isEmpty()) {
            return Optional.empty();
        }
        annotate();
        return Optional.of(operations);
    }

    private void addAffinity() {
        JsonNode affinity = pod.path("spec").path("affinity");
        JsonNode nodeAffinity = affinity.path("nodeAffinity");
        ObjectNode added = JSON.objectNode();
        if (!plan.requirement().isEmpty()) {
            JsonNode terms = nodeAffinity.path(REQUIRED).path(TERMS);
            if (nodeAffinity.path(REQUIRED).isObject()) {
                for (int i = 0; i < terms.size(); i++) {
                    narrow(terms.get(i), NODE_AFFINITY + "/" + REQUIRED + "/" + TERMS + "/" + i);
                }
            } else {
                ObjectNode term = JSON.objectNode();
                term.set(EXPRESSIONS, expressions(plan.requirement().byLabel()));
                added.putObject(REQUIRED).putArray(TERMS).add(term);
            }
        }
        prefer(nodeAffinity.path(PREFERRED), added);
        if (added.isEmpty()) {
            return;
        }
        if (nodeAffinity.isObject()) {
            added.properties().forEach(entry -> add(NODE_AFFINITY + "/" + entry.getKey(), entry.getValue()));
        } else if (affinity.isObject()) {
            add(NODE_AFFINITY, added);
        } else {
            add(AFFINITY, JSON.objectNode().set("nodeAffinity", added));
        }
    }

    /** A term without requirements matches nothing, and would match with one. */
    private void narrow(JsonNode term, String path) {
        JsonNode expressions = term.path(EXPRESSIONS);
        if (expressions.isEmpty() && term.path("matchFields").isEmpty()) {
            return;
        }
        ArrayNode missing = JSON.arrayNode();
        plan.requirement().byLabel().forEach((label, values) -> {
            if (!isNarrowed(expressions, path, label, values)) {
                missing.add(expression(label, texts(values)));
            }
        });
        if (expressions.isArray()) {
            missing.forEach(expression -> add(path + "/" + EXPRESSIONS + "/-", expression));
        } else if (!missing.isEmpty()) {
            add(path + "/" + EXPRESSIONS, missing);
        }
    }

    /** Whether the term allows no other values of this label, possibly because one of its expressions was reduced to them now. */
    private boolean isNarrowed(JsonNode expressions, String path, String label, List<String> values) {
        Set<String> allowed = new HashSet<>(values);
        int reducible = -1;
        for (int i = 0; i < expressions.size(); i++) {
            JsonNode expression = expressions.get(i);
            if (expression.path("key").asText().equals(label)
                    && expression.path("operator").asText().equals("In")) {
                int kept = kept(expression, allowed).size();
                if (kept > 0 && kept == expression.path("values").size()) {
                    return true;
                }
                reducible = kept > 0 && reducible < 0 ? i : reducible;
            }
        }
        if (reducible >= 0) {
            operation(
                    "replace",
                    path + "/" + EXPRESSIONS + "/" + reducible + "/values",
                    kept(expressions.get(reducible), allowed));
        }
        return reducible >= 0;
    }

    private static ArrayNode kept(JsonNode expression, Set<String> allowed) {
        ArrayNode kept = JSON.arrayNode();
        for (JsonNode value : expression.path("values")) {
            if (allowed.contains(value.asText())) {
                kept.add(value);
            }
        }
        return kept;
    }

    /** Unless the pod prefers architectures itself, or got the preferences before. */
    private void prefer(JsonNode existing, ObjectNode added) {
        for (JsonNode term : existing) {
            for (JsonNode expression : term.path("preference").path(EXPRESSIONS)) {
                if (expression.path("key").asText().equals(PlatformRequirement.ARCH)) {
                    return;
                }
            }
        }
        ArrayNode terms = JSON.arrayNode();
        plan.preferences().forEach(preference -> terms.add(term(preference)));
        if (existing.isArray()) {
            terms.forEach(term -> add(NODE_AFFINITY + "/" + PREFERRED + "/-", term));
        } else if (!terms.isEmpty()) {
            added.set(PREFERRED, terms);
        }
    }

    private static ObjectNode term(Preference preference) {
        ObjectNode term = JSON.objectNode();
        term.put("weight", preference.weight());
        Platform platform = preference.platform();
        term.putObject("preference")
                .putArray(EXPRESSIONS)
                .add(expression(PlatformRequirement.ARCH, texts(List.of(platform.architecture()))))
                .add(expression(PlatformRequirement.OS, texts(List.of(platform.os()))));
        return term;
    }

    private void addTolerations() {
        JsonNode existing = pod.path("spec").path("tolerations");
        ArrayNode missing = JSON.arrayNode();
        plan.tolerations().forEach(toleration -> missing.add(json(toleration)));
        if (existing.isArray()) {
            missing.forEach(toleration -> add("/spec/tolerations/-", toleration));
        } else if (!missing.isEmpty()) {
            add("/spec/tolerations", missing);
        }
    }

    private static ObjectNode json(Toleration toleration) {
        ObjectNode json = JSON.objectNode();
        json.put("key", toleration.key());
        json.put("operator", toleration.operator());
        if (!toleration.value().isEmpty()) {
            json.put("value", toleration.value());
        }
        json.put("effect", toleration.effect());
        return json;
    }

    private void annotate() {
        String platforms =
                plan.platforms().stream().map(Platform::toString).sorted().collect(Collectors.joining(","));
        JsonNode annotations = pod.path("metadata").path("annotations");
        if (annotations.isObject()) {
            add("/metadata/annotations/" + ANNOTATION.replace("/", "~1"), JSON.textNode(platforms));
        } else {
            add("/metadata/annotations", JSON.objectNode().put(ANNOTATION, platforms));
        }
    }

    private static ArrayNode expressions(Map<String, List<String>> byLabel) {
        ArrayNode expressions = JSON.arrayNode();
        byLabel.forEach((label, values) -> expressions.add(expression(label, texts(values))));
        return expressions;
    }

    private static ObjectNode expression(String label, JsonNode values) {
        ObjectNode expression = JSON.objectNode().put("key", label).put("operator", "In");
        expression.set("values", values);
        return expression;
    }

    private static ArrayNode texts(List<String> values) {
        ArrayNode texts = JSON.arrayNode();
        values.forEach(texts::add);
        return texts;
    }

    private void add(String path, JsonNode value) {
        operation("add", path, value);
    }

    private void operation(String op, String path, JsonNode value) {
        operations.addObject().put("op", op).put("path", path).set("value", value);
    }
}
