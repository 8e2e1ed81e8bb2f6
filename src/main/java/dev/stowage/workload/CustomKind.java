package dev.stowage.workload;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A configured kind that contains pods, for example Argo's Rollout: {@code argoproj.io}, any version, {@code Rollout},
 * {@code spec.template.spec}.
 *
 * @param group the API group; empty for the core group
 * @param version the API version; {@code *} for every version
 * @param kind the kind
 * @param podSpecPath the path of the pod spec in the object: field names joined by dots, without lists
 */
public record CustomKind(String group, String version, String kind, String podSpecPath) {

    /** Matches all versions. */
    public static final String ANY_VERSION = "*";

    public CustomKind {
        Objects.requireNonNull(group, "group");
        requireText(version, "version");
        requireText(kind, "kind");
        requireText(podSpecPath, "podSpecPath");
        if (Arrays.stream(podSpecPath.split("\\.", -1)).anyMatch(part -> part.isBlank() || part.contains("["))) {
            throw new IllegalArgumentException("podSpecPath of " + kind + " is \"" + podSpecPath
                    + "\"; it must be field names joined by dots, like spec.template.spec");
        }
    }

    List<String> fields() {
        return List.of(podSpecPath.split("\\."));
    }

    boolean isOf(String otherGroup, String otherVersion, String otherKind) {
        return kind.equals(otherKind)
                && group.equals(otherGroup)
                && (version.equals(ANY_VERSION) || version.equals(otherVersion));
    }

    private static void requireText(String text, String name) {
        if (Objects.requireNonNull(text, name).isBlank()) {
            throw new IllegalArgumentException(name + " of a custom kind is empty");
        }
    }
}
