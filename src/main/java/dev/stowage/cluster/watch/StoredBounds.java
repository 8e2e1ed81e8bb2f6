package dev.stowage.cluster.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Reduces the needed fields of one stored object to the {@link StoredLimits}, before anything is made of them. */
final class StoredBounds {

    private static final List<String> SCHEDULING = List.of("nodeSelector", "affinity", "tolerations");
    private static final List<String> CONTAINERS =
            List.of("initContainers", "containers", "ephemeralContainers", "volumes");
    private static final List<String> OTHER_LISTS =
            List.of("imagePullSecrets", "ownerReferences", "conditions", "schedulingGates", "resourceClaims");

    private static final int USUAL_RESOURCES = 8;

    private final Set<String> images = new HashSet<>();
    private int schedulingValues;
    private int containers;
    private boolean schedulingTooLarge;
    private int containersLeftOut;

    private StoredBounds() {}

    /** Reduces this object. */
    static StoredBounds reduce(ObjectNode object) {
        StoredBounds bounds = new StoredBounds();
        Deque<ObjectNode> left = new ArrayDeque<>(List.of(object));
        while (!left.isEmpty()) {
            ObjectNode next = left.pop();
            bounds.reduceFields(next);
            next.properties().forEach(field -> {
                if (!CONTAINERS.contains(field.getKey())) {
                    pushObjects(field.getValue(), left);
                }
            });
        }
        return bounds;
    }

    /** Lists of custom kinds contain pod templates, too. */
    private static void pushObjects(JsonNode value, Deque<ObjectNode> left) {
        if (value instanceof ObjectNode object) {
            left.push(object);
        } else if (value instanceof ArrayNode list) {
            list.forEach(item -> pushObjects(item, left));
        }
    }

    /** Whether the scheduling rules were removed. */
    boolean schedulingTooLarge() {
        return schedulingTooLarge;
    }

    /** How many containers and volumes were removed. */
    int containersLeftOut() {
        return containersLeftOut;
    }

    private void reduceFields(ObjectNode object) {
        for (String name : SCHEDULING) {
            schedulingValues += values(object.get(name), StoredLimits.SCHEDULING_VALUES - schedulingValues);
            if (schedulingValues > StoredLimits.SCHEDULING_VALUES) {
                schedulingTooLarge = true;
            }
            if (schedulingTooLarge) {
                object.remove(name);
            }
        }
        CONTAINERS.forEach(name -> reduceContainers(object, name));
        for (String name : OTHER_LISTS) {
            if (object.get(name) instanceof ArrayNode list && list.size() > StoredLimits.IMAGES) {
                object.remove(name);
            }
        }
        removeLongTexts(object);
    }

    /** How many values there are, but not many more than this; a long text counts as many. */
    private static int values(JsonNode tree, int most) {
        int found = 0;
        Deque<Iterator<JsonNode>> open = new ArrayDeque<>();
        if (tree != null) {
            open.push(tree.elements());
        }
        while (!open.isEmpty() && found <= most) {
            if (!open.peek().hasNext()) {
                open.pop();
                continue;
            }
            JsonNode next = open.peek().next();
            if (next.isContainerNode()) {
                open.push(next.elements());
            }
            found += 1 + (next.isTextual() ? next.textValue().length() / 100 : 0);
        }
        return found;
    }

    private void reduceContainers(ObjectNode spec, String name) {
        if (!(spec.get(name) instanceof ArrayNode all)) {
            return;
        }
        ArrayNode kept = spec.arrayNode();
        for (JsonNode container : all) {
            if (name.equals("volumes") && !container.hasNonNull("image")) {
                continue;
            }
            if (containers < StoredLimits.CONTAINERS && knownOrNew(image(container))) {
                containers++;
                if (container instanceof ObjectNode fields) {
                    removeLongTexts(fields);
                    countResources(fields);
                }
                kept.add(container);
            } else {
                containersLeftOut++;
            }
        }
        spec.set(name, kept);
    }

    /** Names of resources are scheduling rules too; usual containers have two to four, which are not counted. */
    private void countResources(ObjectNode container) {
        int names = container.path("resources").path("requests").size()
                + container.path("resources").path("limits").size();
        schedulingValues += Math.max(0, names - USUAL_RESOURCES);
        if (schedulingValues > StoredLimits.SCHEDULING_VALUES) {
            schedulingTooLarge = true;
        }
        if (schedulingTooLarge) {
            container.remove("resources");
        }
    }

    private static String image(JsonNode container) {
        JsonNode image = container.path("image");
        return (image.isObject() ? image.path("reference") : image).asText();
    }

    private boolean knownOrNew(String image) {
        return image.length() <= StoredLimits.TEXT
                && (images.contains(image) || images.size() < StoredLimits.IMAGES && images.add(image));
    }

    private static void removeLongTexts(ObjectNode object) {
        Iterator<JsonNode> values = object.elements();
        while (values.hasNext()) {
            JsonNode value = values.next();
            if (value.isTextual() && value.textValue().length() > StoredLimits.TEXT) {
                values.remove();
            }
        }
    }
}
