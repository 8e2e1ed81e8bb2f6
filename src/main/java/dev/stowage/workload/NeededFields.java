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
import org.jspecify.annotations.Nullable;

/**
 * The fields that Stowage needs of a workload, as a tree of names. It keeps memory and time of a review independent of the object's
 * other fields: environment, probes, annotations, managed fields, status.
 */
final class NeededFields {

    /** How much of a value is needed. */
    private enum Extent {
        /** The named fields. */
        NAMED,
        /** Everything. */
        ALL,
        /** Of a list the first item. */
        FIRST,
        /** The pod specs in it, wherever they are; the rest is read and dropped. */
        POD_SPECS
    }

    /** A subtree that is needed completely. */
    private static final NeededFields EVERYTHING = new NeededFields(Extent.ALL, Kind.OTHER);

    /** The same for rules of scheduling, whose values have a limit of their own. */
    private static final NeededFields RULES = new NeededFields(Extent.ALL, Kind.SELECTOR_VALUE);

    private static final NeededFields FIRST = new NeededFields(Extent.FIRST, Kind.OTHER);

    /** Whether there is a value, and of what type. */
    private static final NeededFields PRESENCE = new NeededFields(Extent.NAMED, Kind.OTHER);

    private static final NeededFields POD_SPECS = podSpecs();

    private final Extent extent;

    /** What the fields and list items directly in here count as. */
    private final Kind kind;

    private final Map<String, NeededFields> fields = new HashMap<>();

    /** What is needed of the items of a list, and of fields without a name of their own; null for list items like this, and no others. */
    private @Nullable NeededFields others;

    private NeededFields(Extent extent, Kind kind) {
        this.extent = extent;
        this.kind = kind;
    }

    /** The fields of the built-in kinds and of these. */
    static NeededFields of(List<CustomKind> customKinds) {
        NeededFields root = new NeededFields(Extent.NAMED, Kind.OTHER);
        root.need("apiVersion");
        root.need("kind");
        NeededFields metadata = root.at("metadata");
        List.of("name", "generateName", "namespace", "deletionTimestamp").forEach(metadata::need);
        List.of(WorkloadReader.MIRROR_ANNOTATION, WorkloadReader.MODE_ANNOTATION)
                .forEach(metadata.at("annotations")::need);
        List.of(Queues.QUEUE_LABEL, WorkloadReader.MODE_LABEL, WorkloadReader.STEERING_LABEL)
                .forEach(metadata.at("labels")::need);
        List.of("apiVersion", "kind", "name", "uid", "controller").forEach(metadata.at("ownerReferences")::need);
        root.at("spec").need("suspend");
        root.at("spec").at("runPolicy").need("suspend");
        root.at("spec").needPodSpec();
        root.at("spec").at("template").needTemplate();
        root.at("spec").at("jobTemplate").at("spec").at("template").needTemplate();
        root.at("template").needTemplate();
        for (CustomKind kind : customKinds) {
            if (!kind.byShape()) {
                root.needPath(kind.fields());
            }
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

    /** The same of the object itself, and all pod specs in it. */
    NeededFields searching() {
        NeededFields root = new NeededFields(Extent.NAMED, Kind.OTHER);
        PodSpecs.NOT_SEARCHED.forEach(name -> root.fields.put(name, fields.getOrDefault(name, PRESENCE)));
        root.others = POD_SPECS;
        return root;
    }

    private static NeededFields podSpecs() {
        NeededFields search = new NeededFields(Extent.POD_SPECS, Kind.OTHER);
        search.needPodSpec();
        search.at("metadata").needPodMetadata();
        search.others = search;
        return search;
    }

    private void needPath(List<String> path) {
        NeededFields parent = this;
        NeededFields at = this;
        for (String field : path) {
            parent = at;
            at = field.equals(CustomKind.EACH) ? at.each() : at.at(field);
        }
        at.needPodSpec();
        parent.at("metadata").needPodMetadata();
    }

    private void needTemplate() {
        at("metadata").needPodMetadata();
        at("spec").needPodSpec();
    }

    private void needPodMetadata() {
        at("labels").need(PodSpecReader.INJECT);
        List.of(PodSpecReader.INJECT, PodSpecReader.INJECTED_TEMPLATES, WorkloadReader.MODE_ANNOTATION)
                .forEach(at("annotations")::need);
    }

    private void needPodSpec() {
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            List.of("name", "image", "imagePullPolicy", "restartPolicy").forEach(items(list)::need);
            items(list).fields.put("command", FIRST);
            List.of("name", "mountPath", "subPath", "subPathExpr")
                    .forEach(items(list).at("volumeMounts")::need);
            List.of("requests", "limits").forEach(items(list).at("resources")::need);
        }
        NeededFields volumes = items("volumes");
        volumes.need("name");
        PodSpecReader.TEXT_VOLUMES.forEach(type -> volumes.fields.put(type, PRESENCE));
        List.of("reference", "pullPolicy").forEach(volumes.at("image")::need);
        NeededFields nodeAffinity = at("affinity").at("nodeAffinity");
        nodeAffinity.fields.put("requiredDuringSchedulingIgnoredDuringExecution", RULES);
        nodeAffinity
                .at("preferredDuringSchedulingIgnoredDuringExecution")
                .at("preference")
                .at("matchExpressions")
                .need("key");
        List.of("nodeSelector", "tolerations").forEach(name -> fields.put(name, RULES));
        List.of("nodeName", "os", "hostNetwork", "imagePullSecrets").forEach(this::need);
        List.of("serviceAccountName", "serviceAccount", "runtimeClassName").forEach(this::need);
        List.of("schedulerName", "schedulingGates", "resourceClaims").forEach(this::need);
    }

    private void need(String name) {
        fields.put(name, EVERYTHING);
    }

    private NeededFields at(String name) {
        return fields.computeIfAbsent(name, absent -> new NeededFields(Extent.NAMED, Kind.OTHER));
    }

    private NeededFields items(String list) {
        return fields.computeIfAbsent(list, absent -> new NeededFields(Extent.NAMED, Kind.CONTAINER));
    }

    private NeededFields each() {
        if (others == null) {
            others = new NeededFields(Extent.NAMED, Kind.OTHER);
        }
        return others;
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
            parser.nextToken();
            readField(object, name, parser, limits);
        }
        limits.leave();
        if (extent == Extent.POD_SPECS && object.path("containers").isEmpty()) {
            dropOthers(object);
        }
        return object;
    }

    /** What is needed of the field of this name, whose value is the current one. */
    void readField(ObjectNode object, String name, JsonParser parser, ReductionLimits limits) throws IOException {
        NeededFields needed = extent == Extent.ALL ? this : fields.getOrDefault(name, others);
        if (needed != null && needed.extent == Extent.POD_SPECS) {
            JsonNode found = needed.search(parser, limits);
            if (found.isEmpty()) {
                object.remove(name);
            } else {
                limits.count(Kind.OTHER);
                limits.countCharacters(name.length());
                object.set(name, found);
            }
            return;
        }
        if (needed != null) {
            // a list is counted by its items
            limits.count(kind == Kind.CONTAINER || parser.currentToken() == JsonToken.START_ARRAY ? Kind.OTHER : kind);
            limits.countCharacters(name.length());
        }
        if (needed == null || limits.leavesOut(kind)) {
            parser.skipChildren();
        } else {
            // of a repeated name the last counts, as in Go
            object.set(name, needed.read(parser, limits));
        }
    }

    /** Empty if there is no pod spec in it. */
    private JsonNode search(JsonParser parser, ReductionLimits limits) throws IOException {
        if (!parser.currentToken().isStructStart() || limits.exceeded()) {
            parser.skipChildren();
            return JsonNodeFactory.instance.nullNode();
        }
        return read(parser, limits);
    }

    /** Of an object that is not a pod spec only that stays in which there is one, and the metadata next to it. */
    private void dropOthers(ObjectNode object) {
        boolean template = !object.path("spec").path("containers").isEmpty();
        fields.keySet().forEach(name -> {
            if (!template || !name.equals("metadata")) {
                object.remove(name);
            }
        });
    }

    private ArrayNode array(JsonParser parser, ReductionLimits limits) throws IOException {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        NeededFields items = others == null ? this : others;
        int dropped = 0;
        if (kind == Kind.CONTAINER) {
            limits.countContainerList();
        }
        limits.enter();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (extent == Extent.FIRST && !array.isEmpty()) {
                parser.skipChildren();
            } else if (items.extent == Extent.POD_SPECS) {
                JsonNode found = items.search(parser, limits);
                dropped = found.isEmpty() ? dropped + 1 : addAfter(array, dropped, found, limits);
            } else {
                add(array, items, parser, limits);
            }
        }
        limits.leave();
        return array;
    }

    private void add(ArrayNode array, NeededFields items, JsonParser parser, ReductionLimits limits)
            throws IOException {
        limits.count(kind);
        if (limits.leavesOut(kind)) {
            parser.skipChildren();
        } else {
            array.add(items.read(parser, limits));
        }
    }

    /** Keeps the index of what was found. */
    private static int addAfter(ArrayNode array, int dropped, JsonNode found, ReductionLimits limits) {
        for (int i = 0; i < dropped && !limits.exceeded(); i++) {
            limits.count(Kind.OTHER);
            array.addNull();
        }
        limits.count(Kind.OTHER);
        array.add(found);
        return 0;
    }

    private static JsonNode text(JsonParser parser, ReductionLimits limits) throws IOException {
        limits.countCharacters(parser.getTextLength());
        return JsonNodeFactory.instance.textNode(limits.exceeded() ? "" : parser.getText());
    }
}
