package dev.stowage.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.stowage.image.Printable;
import dev.stowage.json.JsonFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the pod specs of an object, at a path or by their shape. */
final class PodSpecs {

    /** Fields of every object that contain no pod specs. */
    static final Set<String> NOT_SEARCHED = Set.of("apiVersion", "kind", "metadata", "status");

    /** Lists of a pod spec; what is in them is not searched for another. */
    static final Set<String> LISTS = Set.of("initContainers", "containers", "ephemeralContainers", "volumes");

    private static final Pattern CONTAINER_NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern IMAGE = Pattern.compile("[a-zA-Z0-9][\\w./:@-]*");
    private static final int LONGEST_PATH = 200;

    /**
     * A pod spec.
     *
     * @param path its path
     * @param spec its fields
     * @param metadata the metadata of the pods; a missing node if there are none
     */
    record Place(String path, JsonFields spec, JsonNode metadata) {}

    /** A name or index and the way to it; becomes text only where something is found. */
    private record Step(@Nullable Step before, String name) {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            for (Step step = this; step != null && text.length() < LONGEST_PATH; step = step.before) {
                text.insert(0, step.name.startsWith("[") || step.before == null ? step.name : "." + step.name);
            }
            return text.length() <= LONGEST_PATH ? text.toString() : "…" + text.substring(text.length() - LONGEST_PATH);
        }
    }

    private final List<Place> found = new ArrayList<>();

    private PodSpecs() {}

    /**
     * The pod specs at a path.
     *
     * @param path as {@link CustomKind#fields} returns it
     * @throws InvalidWorkloadException if a value on the path has another type
     */
    static List<Place> at(JsonNode object, List<String> path) {
        PodSpecs specs = new PodSpecs();
        specs.follow(object, MissingNode.getInstance(), null, path);
        return specs.found;
    }

    /** All that look like pod specs: with a list of containers, of which at least one has an image. */
    static List<Place> byShape(JsonNode object) {
        PodSpecs specs = new PodSpecs();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!NOT_SEARCHED.contains(field.getKey())) {
                specs.search(field.getValue(), object, new Step(null, field.getKey()), 1);
            }
        }
        return specs.found;
    }

    private void follow(JsonNode value, JsonNode parent, @Nullable Step step, List<String> rest) {
        if (value.isMissingNode() || value.isNull()) {
            return;
        }
        boolean each = !rest.isEmpty() && rest.get(0).equals(CustomKind.EACH);
        if (!value.isObject() && !(each && value.isArray())) {
            throw new InvalidWorkloadException(Printable.of(String.valueOf(step)) + " must be "
                    + (each ? "a list" : "an object") + ", not " + JsonFields.typeOf(value));
        }
        if (rest.isEmpty()) {
            add(value, parent, step);
            return;
        }
        List<String> further = rest.subList(1, rest.size());
        if (!each) {
            follow(value.path(rest.get(0)), value, new Step(step, rest.get(0)), further);
            return;
        }
        int index = 0;
        for (JsonNode item : value) {
            if (value.isArray()) {
                follow(item, value, new Step(step, "[" + index++ + "]"), further);
            }
        }
        if (value.isObject()) {
            value.properties()
                    .forEach(field -> follow(field.getValue(), value, new Step(step, field.getKey()), further));
        }
    }

    private void search(JsonNode value, JsonNode parent, Step step, int depth) {
        if (depth > ReviewBudget.LEVELS || !value.isContainerNode()) {
            return;
        }
        if (value.isArray()) {
            int index = 0;
            for (JsonNode item : value) {
                search(item, value, new Step(step, "[" + index++ + "]"), depth + 1);
            }
            return;
        }
        boolean podSpec = isPodSpec(value);
        if (podSpec) {
            add(value, parent, step);
        }
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            if (!podSpec || !LISTS.contains(field.getKey())) {
                search(field.getValue(), value, new Step(step, field.getKey()), depth + 1);
            }
        }
    }

    private void add(JsonNode spec, JsonNode parent, @Nullable Step step) {
        if (found.size() == PodTemplate.MAX) {
            throw tooMany();
        }
        boolean template = step != null && step.name.equals("spec");
        String path = String.valueOf(step);
        found.add(new Place(
                path, new JsonFields(spec, path), template ? parent.path("metadata") : MissingNode.getInstance()));
    }

    static InvalidWorkloadException tooMany() {
        return new InvalidWorkloadException("it has more than " + PodTemplate.MAX + " pod templates");
    }

    static boolean isPodSpec(JsonNode value) {
        JsonNode containers = value.path("containers");
        boolean image = false;
        for (JsonNode container : containers) {
            if (!isContainer(container)) {
                return false;
            }
            image |= container.path("image").isTextual();
        }
        return containers.isArray() && image;
    }

    /** Knative names a container that has no name. Patterns of policies are not images. */
    private static boolean isContainer(JsonNode value) {
        return value.has("name")
                ? CONTAINER_NAME.matcher(value.path("name").asText()).matches()
                : IMAGE.matcher(value.path("image").asText()).matches();
    }
}
