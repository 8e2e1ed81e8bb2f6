package dev.stowage.workload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
    private static final NeededFields EVERYTHING = new NeededFields(true);

    private final boolean everything;
    private final Map<String, NeededFields> fields = new HashMap<>();

    private NeededFields(boolean everything) {
        this.everything = everything;
    }

    /** The fields of the built-in kinds and of these. */
    static NeededFields of(List<CustomKind> customKinds) {
        NeededFields root = new NeededFields(false);
        root.need("apiVersion");
        root.need("kind");
        NeededFields metadata = root.at("metadata");
        List.of("name", "generateName", "namespace", "deletionTimestamp").forEach(metadata::need);
        metadata.at("annotations").need(WorkloadReader.MIRROR_ANNOTATION);
        metadata.at("ownerReferences").need("controller");
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
        List.of("kind", "name").forEach(root.at("metadata").at("ownerReferences")::need);
        root.at("status").need("phase");
        List.of("type", "status").forEach(root.at("status").at("conditions")::need);
        return root;
    }

    private void needPodSpec() {
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            List.of("name", "image", "imagePullPolicy", "restartPolicy").forEach(at(list)::need);
        }
        at("volumes").need("name");
        List.of("reference", "pullPolicy").forEach(at("volumes").at("image")::need);
        at("affinity").at("nodeAffinity").need("requiredDuringSchedulingIgnoredDuringExecution");
        List.of("nodeName", "nodeSelector", "tolerations", "os", "hostNetwork", "imagePullSecrets")
                .forEach(this::need);
        List.of("serviceAccountName", "serviceAccount", "runtimeClassName").forEach(this::need);
    }

    private void need(String name) {
        fields.put(name, EVERYTHING);
    }

    private NeededFields at(String name) {
        return fields.computeIfAbsent(name, absent -> new NeededFields(false));
    }

    /** Reads the needed fields of the current value; the parser ends at the value's last token. */
    JsonNode read(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> JsonNodeFactory.instance.textNode(parser.getText());
            case VALUE_TRUE -> JsonNodeFactory.instance.booleanNode(true);
            case VALUE_FALSE -> JsonNodeFactory.instance.booleanNode(false);
            case VALUE_NULL -> JsonNodeFactory.instance.nullNode();
            // the value of a number is never needed, only its type
            default -> JsonNodeFactory.instance.numberNode(0);
        };
    }

    private ObjectNode object(JsonParser parser) throws IOException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            NeededFields needed = everything ? EVERYTHING : fields.get(name);
            parser.nextToken();
            if (needed == null) {
                parser.skipChildren();
            } else {
                // of a repeated name the last counts, as in Go
                object.set(name, needed.read(parser));
            }
        }
        return object;
    }

    private ArrayNode array(JsonParser parser) throws IOException {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(read(parser));
        }
        return array;
    }
}
