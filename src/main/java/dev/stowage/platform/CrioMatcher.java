package dev.stowage.platform;

import java.util.LinkedHashSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What CRI-O takes (containers/image: internal/pkg/platform/platform_matcher.go): names exactly as Go writes them, one
 * architecture, and a few variants of it.
 */
final class CrioMatcher implements PlatformMatcher {

    private static final String[] NO_VARIANT = {""};
    private static final String[] ARM64 = {"v8", ""};
    private static final String[] ARM = {"v8", "v7", "v6", "v5"};

    private final Platform node;
    private final String[] variants;

    /** @param node the node's platform, normalised */
    CrioMatcher(Platform node) {
        this.node = node;
        this.variants = variants(node);
    }

    private static String[] variants(Platform node) {
        boolean arm64 = "arm64".equals(node.architecture());
        if (node.variant().isEmpty()) {
            return arm64 ? ARM64 : NO_VARIANT;
        }
        Set<String> variants = new LinkedHashSet<>();
        variants.add(node.variant());
        if (arm64) {
            variants.add("v8");
        } else if ("arm".equals(node.architecture())) {
            addOlderArm(variants, node.variant());
        }
        variants.add("");
        return variants.toArray(String[]::new);
    }

    private static void addOlderArm(Set<String> variants, String variant) {
        boolean older = false;
        for (String arm : ARM) {
            if (older) {
                variants.add(arm);
            }
            older |= arm.equals(variant);
        }
    }

    @Override
    public OptionalInt rank(Platform entry) {
        if (entry.os().equals(node.os()) && entry.architecture().equals(node.architecture())) {
            for (int i = 0; i < variants.length; i++) {
                if (variants[i].equals(entry.variant())) {
                    return OptionalInt.of(i);
                }
            }
        }
        return OptionalInt.empty();
    }

    @Override
    public boolean fetches(Platform entry) {
        return matches(entry);
    }
}
