package dev.stowage.cluster.watch;

import dev.stowage.image.Printable;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the owner of a cluster says of a node that its status does not. A value that cannot be read has no effect, and is a problem to
 * report.
 *
 * @param runtime the container runtime; empty if none is named
 * @param emulates the platforms whose programs the node runs by an emulator
 * @param problems what cannot be read, a predicate each
 */
record NodeLabels(Optional<RuntimeFamily> runtime, List<Platform> emulates, List<String> problems) {

    /** A label: the container runtime, one of {@link RuntimeFamily#NAMES}. */
    static final String RUNTIME = "stowage.dev/runtime";

    /** An annotation, {@code linux/amd64,linux/arm/v7}; or a label, whose values have no slashes: {@code linux-amd64.linux-arm-v7}. */
    static final String EMULATES = "stowage.dev/emulates";

    private static final int MAX_PLATFORMS = 16;
    private static final int SHOWN = 64;

    /** @param reported the family that the node reports */
    static NodeLabels of(ObjectMeta metadata, RuntimeFamily reported) {
        List<String> problems = new ArrayList<>();
        String label = value(metadata.getLabels(), RUNTIME);
        Optional<RuntimeFamily> runtime = RuntimeFamily.labelled(label, reported);
        if (runtime.isEmpty() && !label.isEmpty()) {
            problems.add("has the label " + RUNTIME + "=" + shown(label) + ", which names no container runtime; use "
                    + String.join(", ", RuntimeFamily.NAMES));
        }
        List<Platform> emulates = new ArrayList<>();
        read(value(metadata.getLabels(), EMULATES).replace('.', ',').replace('-', '/'), "label", emulates, problems);
        read(value(metadata.getAnnotations(), EMULATES), "annotation", emulates, problems);
        return new NodeLabels(runtime, List.copyOf(emulates), List.copyOf(problems));
    }

    private static void read(String text, String where, List<Platform> platforms, List<String> problems) {
        if (text.isBlank()) {
            return;
        }
        List<Platform> read = new ArrayList<>();
        for (String platform : text.split(",", MAX_PLATFORMS + 1)) {
            try {
                read.add(Platform.parse(platform.strip()));
            } catch (IllegalArgumentException e) {
                problems.add("has the " + where + " " + EMULATES + " with " + shown(platform)
                        + ", which is not a platform such as linux/amd64");
                return;
            }
        }
        platforms.addAll(read);
    }

    private static String shown(String text) {
        return "\"" + Printable.of(text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text) + "\"";
    }

    private static String value(Map<String, String> values, String key) {
        String value = values == null ? null : values.get(key);
        return value == null ? "" : value;
    }
}
