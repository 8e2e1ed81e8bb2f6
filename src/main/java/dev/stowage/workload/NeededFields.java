package dev.stowage.workload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.workload.ReductionLimits.Kind;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields that Stowage needs of a workload, as a tree of names. It keeps memory and time of a review independent of the object's
 * other fields: environment, probes, annotations, managed fields, status.
 */
final class NeededFields {

    /** A subtree that is needed completely. */
    private static final NeededFields EVERYTHING = new NeededFields(true, Kind.OTHER);

    /** The same for rules of scheduling, whose values have a limit of their own. */
    private static final NeededFields RULES = new NeededFields(true, Kind.SELECTOR_VALUE);

    private final boolean everything;

    /** What the fields and list items directly in here count as. */
    private final Kind kind;

    private final Map<String, NeededFields> fields = new HashMap<>();

    private NeededFields(boolean everything, Kind kind) {
        this.everything = everything;
        this.kind = kind;
    }

    /** The fields of the built-in kinds and of these. */
    static NeededFields of(List<CustomKind> customKinds) {
        NeededFields root = new NeededFields(false, Kind.OTHER);
        root.need("apiVersion");
        root.need("kind");
        NeededFields metadata = root.at("metadata");
        List.of("name", "generateName", "namespace", "deletionTimestamp").forEach(metadata::need);
        metadata.at("annotations").need(WorkloadReader.MIRROR_ANNOTATION);
        metadata.at("labels").need(Queues.QUEUE_LABEL);
        List.of("apiVersion", "kind", "name", "uid", "controller").forEach(metadata.at("ownerReferences")::need);
        root.at("spec").need("suspend");
        root.at("spec").at("runPolicy").need("suspend");
        root.at("spec").needPodSpec();
        root.at("spec").at("template").at("spec").needPodSpec();
        root.at("spec").at("jobTemplate").at("spec").at("template").at("spec").needPodSpec();
        root.at("template").at("spec").needPodSpec();
        for (CustomKind kind : customKinds) {
            NeededFields at = root;
            for (String field : kind.fields()) {
                at = at.at(field);
            }
            at.needPodSpec();
        }
        return root;
    }

    /** The same, and the identity of a stored object, its owners, and whether it has ended. */
    static NeededFields ofStored(List<CustomKind> customKinds) {
        NeededFields root = of(customKinds);
        List.of("uid", "resourceVersion").forEach(root.at("metadata")::need);
        root.at("status").need("phase");
        List.of("type", "status").forEach(root.at("status").at("conditions")::need);
        return root;
    }

    private void needPodSpec() {
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            List.of("name", "image", "imagePullPolicy", "restartPolicy").forEach(items(list)::need);
            List.of("requests", "limits").forEach(items(list).at("resources")::need);
        }
        NeededFields volumes = items("volumes");
        volumes.need("name");
        List.of("reference", "pullPolicy").forEach(volumes.at("image")::need);
        at("affinity").at("nodeAffinity").fields.put("requiredDuringSchedulingIgnoredDuringExecution", RULES);
        List.of("nodeSelector", "tolerations").forEach(name -> fields.put(name, RULES));
        List.of("nodeName", "os", "hostNetwork", "imagePullSecrets").forEach(this::need);
        List.of("serviceAccountName", "serviceAccount", "runtimeClassName").forEach(this::need);
        List.of("schedulerName", "schedulingGates", "resourceClaims").forEach(this::need);
    }

    private void need(String name) {
        fields.put(name, EVERYTHING);
    }

    private NeededFields at(String name) {
        return fields.computeIfAbsent(name, absent -> new NeededFields(false, Kind.OTHER));
    }

    private NeededFields items(String list) {
        return fields.computeIfAbsent(list, absent -> new NeededFields(false, Kind.CONTAINER));
    }

    /** Reads the needed fields of the current value, up to the limits; the parser ends at the value's last token. */
    JsonNode read(JsonParser parser, ReductionLimits limits) throws IOException {
        if (limits.tooDeep() && parser.currentToken().isStructStart()) {
            parser.skipChildren();
            return JsonNodeFactory.instance.nullNode();
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, limits);
            case START_ARRAY -> array(parser, limits);
            case VALUE_STRING -> text(parser, limits);
            case VALUE_TRUE -> JsonNodeFactory.instance.booleanNode(true);
            case VALUE_FALSE -> JsonNodeFactory.instance.booleanNode(false);
            case VALUE_NULL -> JsonNodeFactory.instance.nullNode();
            // of a number only the type is needed, and whether it is zero
            default -> JsonNodeFactory.instance.numberNode(isZero(parser) ? 0 : 1);
        };
    }

    /** Without its value, because a number may be long. */
    private static boolean isZero(JsonParser parser) throws IOException {
        return parser.getTextLength() == 1 && parser.getText().equals("0");
    }

    private ObjectNode object(JsonParser parser, ReductionLimits limits) throws IOException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        limits.enter();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            NeededFields needed = everything ? this : fields.get(name);
            parser.nextToken();
            if (needed != null) {
                // a list is counted by its items
                limits.count(
                        kind == Kind.CONTAINER || parser.currentToken() == JsonToken.START_ARRAY ? Kind.OTHER : kind);
                limits.countCharacters(name.length());
            }
            if (needed == null || limits.exceeded()) {
                parser.skipChildren();
            } else {
                // of a repeated name the last counts, as in Go
                object.set(name, needed.read(parser, limits));
            }
        }
        limits.leave();
        return object;
    }

    private ArrayNode array(JsonParser parser, ReductionLimits limits) throws IOException {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        limits.enter();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            limits.count(kind);
            if (limits.exceeded()) {
                parser.skipChildren();
            } else {
                array.add(read(parser, limits));
            }
        }
        limits.leave();
        return array;
    }

    private static JsonNode text(JsonParser parser, ReductionLimits limits) throws IOException {
        limits.countCharacters(parser.getTextLength());
        return JsonNodeFactory.instance.textNode(limits.exceeded() ? "" : parser.getText());
    }
}
