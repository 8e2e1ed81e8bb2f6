package dev.stowage.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A configured kind that contains pods, for example Argo's Rollout: {@code argoproj.io}, any version, {@code Rollout},
 * {@code spec.template.spec}. A kind with several pod specs has an entry for each path, or one by shape.
 *
 * @param group the API group; empty for the core group
 * @param version the API version; {@code *} for every version
 * @param kind the kind
 * @param podSpecPath the path of a pod spec in the object: field names joined by dots, {@code [*]} after the name of a list or map for
 *     all its elements; empty if all pod specs of the object are found by their shape
 */
public record CustomKind(String group, String version, String kind, String podSpecPath) {

    /** Matches all versions. */
    public static final String ANY_VERSION = "*";

    /** In a path, all elements of a list or map. */
    static final String EACH = "[*]";

    private static final Pattern PATH = Pattern.compile("[^.\\[\\]\\s]+(\\[\\*])?(\\.[^.\\[\\]\\s]+(\\[\\*])?)*");

    public CustomKind {
        Objects.requireNonNull(group, "group");
        requireText(version, "version");
        requireText(kind, "kind");
        Objects.requireNonNull(podSpecPath, "podSpecPath");
        if (!isPath(podSpecPath)) {
            throw new IllegalArgumentException(
                    "podSpecPath of " + kind + " is \"" + podSpecPath
                            + "\"; it must be field names joined by dots, like spec.template.spec or spec.jobs[*].template.spec");
        }
    }

    /** Whether this is a valid {@link #podSpecPath}. */
    public static boolean isPath(String text) {
        return text.isEmpty() || PATH.matcher(text).matches();
    }

    boolean byShape() {
        return podSpecPath.isEmpty();
    }

    /** The names of the path, with {@link #EACH} after those of lists and maps. */
    List<String> fields() {
        List<String> fields = new ArrayList<>();
        for (String part : podSpecPath.split("\\.")) {
            if (part.endsWith(EACH)) {
                fields.add(part.substring(0, part.length() - EACH.length()));
                fields.add(EACH);
            } else {
                fields.add(part);
            }
        }
        return fields;
    }

    boolean isOf(String apiVersion, String otherKind) {
        int slash = apiVersion.indexOf('/');
        return kind.equals(otherKind)
                && group.equals(slash < 0 ? "" : apiVersion.substring(0, slash))
                && (version.equals(ANY_VERSION) || version.equals(apiVersion.substring(slash + 1)));
    }

    private static void requireText(String text, String name) {
        if (Objects.requireNonNull(text, name).isBlank()) {
            throw new IllegalArgumentException(name + " of a custom kind is empty");
        }
    }
}
