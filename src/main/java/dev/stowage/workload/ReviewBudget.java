package dev.stowage.workload;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The largest workload that is checked. An object may have 3 MiB, enough for hundreds of thousands of selector values or thousands of
 * registries, so a user who may create a pod could otherwise make one review as expensive as they like. The limits are far above real
 * workloads. What exceeds one of them is "too large to check", and {@code onUnresolved} decides.
 *
 * @param containers containers of all kinds and volumes of one pod spec
 * @param selectorValues entries of the node selector, values of the required node affinity, and tolerations
 * @param images distinct image references that have to be checked
 * @param registryHosts distinct registry hosts of these
 */
public record ReviewBudget(int containers, int selectorValues, int images, int registryHosts) {

    /** The limits where nothing is configured. */
    public static final ReviewBudget DEFAULT = new ReviewBudget(500, 2_000, 200, 32);

    /** Fields and list items of any kind that are kept of one object; 500 containers have some 2,500. */
    static final int FIELDS = 20_000;

    /** Levels of nesting that are kept of one object; a pod template in a custom kind is some ten levels deep. */
    static final int LEVELS = 100;

    /** Characters of names and strings that are kept of one object: 500 of the longest valid image references. */
    static final int CHARACTERS = 512 * 1024;

    public ReviewBudget {
        requirePositive(containers, "containers");
        requirePositive(selectorValues, "selectorValues");
        requirePositive(images, "images");
        requirePositive(registryHosts, "registryHosts");
    }

    /**
     * The limit that these images exceed, in words.
     *
     * @param uses the images to check
     */
    public Optional<String> excessOf(List<ImageUse> uses) {
        if (uses.size() > containers) {
            return Optional.of("more than " + containers + " containers and volumes");
        }
        Set<String> references = new HashSet<>();
        Set<String> hosts = new HashSet<>();
        for (ImageUse use : uses) {
            if (references.add(use.image())) {
                hosts.add(host(use.image()));
            }
        }
        if (references.size() > images) {
            return Optional.of("more than " + images + " images");
        }
        return hosts.size() > registryHosts
                ? Optional.of("images of more than " + registryHosts + " registries")
                : Optional.empty();
    }

    /** What stands before the first slash; without one, or if it is a path, the default registry. */
    private static String host(String image) {
        int slash = image.indexOf('/');
        String first = slash < 0 ? "" : image.substring(0, slash);
        boolean isHost = first.indexOf('.') >= 0
                || first.indexOf(':') >= 0
                || first.equals("localhost")
                || !first.equals(first.toLowerCase(Locale.ROOT));
        return isHost ? first.toLowerCase(Locale.ROOT) : "";
    }

    private static void requirePositive(int limit, String name) {
        if (limit < 1) {
            throw new IllegalArgumentException("reviewBudget." + name + " must be at least 1");
        }
    }
}
