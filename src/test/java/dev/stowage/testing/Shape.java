package dev.stowage.testing;

import dev.stowage.demo.ImageStore;
import dev.stowage.demo.SampleImages;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * A shape that an image can have at a registry, and what Stowage has to say of it.
 *
 * @param row its number in {@link Shapes}
 * @param name what is special about it
 * @param storable whether a registry that validates what is pushed takes it
 * @param builder stores it and returns what stands behind the repository in a reference: {@code :tag} or {@code @digest}
 * @param expected what is to be said, by profile: {@code Runs} or {@code DoesNotRun Reason} …
 */
public record Shape(
        int row,
        String name,
        boolean storable,
        BiFunction<SampleImages, ImageStore, String> builder,
        Map<NodeProfile, String> expected) {

    /** Stores the shape and returns what stands behind the repository in a reference. */
    public String store(ImageStore store) {
        return builder.apply(new SampleImages(store), store);
    }

    /**
     * Reads expectations such as {@code "amd64 R | crio:arm64 X PlatformMissing"}: profiles, separated by commas, then the verdict
     * as R, X or U, the last two with a reason, and {@code +} behind R for a warning.
     */
    static Map<NodeProfile, String> expectations(String text) {
        Map<NodeProfile, String> expected = new LinkedHashMap<>();
        for (String part : text.split("\\s*\\|\\s*")) {
            int blank = part.indexOf(' ');
            String verdict = part.substring(blank + 1)
                    .replaceFirst("^R", "Runs")
                    .replaceFirst("^X", "DoesNotRun")
                    .replaceFirst("^U", "Undetermined");
            for (String profile : part.substring(0, blank).split(",")) {
                expected.put(profile(profile), verdict);
            }
        }
        return expected;
    }

    private static NodeProfile profile(String text) {
        int colon = text.indexOf(':');
        String platform = text.substring(colon + 1);
        RuntimeFamily family =
                switch (colon < 0 ? "" : text.substring(0, colon)) {
                    case "" -> RuntimeFamily.CONTAINERD_2_3;
                    case "2.1" -> RuntimeFamily.CONTAINERD_2_1;
                    case "local" -> RuntimeFamily.CONTAINERD_LOCAL;
                    case "local-2.1" -> RuntimeFamily.CONTAINERD_LOCAL_2_1;
                    case "any" -> RuntimeFamily.CONTAINERD_2_3_ANY_MODE;
                    case "any-2.1" -> RuntimeFamily.CONTAINERD_2_1_ANY_MODE;
                    case "old" -> RuntimeFamily.CONTAINERD_1;
                    case "docker" -> RuntimeFamily.DOCKER;
                    case "crio" -> RuntimeFamily.CRIO;
                    default -> throw new IllegalArgumentException(text);
                };
        return new NodeProfile(platform(platform), family);
    }

    private static Platform platform(String text) {
        if (text.startsWith("windows-")) {
            String build = text.substring("windows-".length());
            return new Platform("windows", "amd64", "", "?".equals(build) ? "" : "10.0." + build, List.of());
        }
        String[] parts = text.split("/");
        return Platform.of("linux", parts[0], parts.length > 1 ? parts[1] : "");
    }

    @Override
    public String toString() {
        return name;
    }
}
