package dev.stowage.platform;

import java.util.List;
import java.util.OptionalInt;

/** What containerd takes, and the Docker engine: normalised names, and sub-platforms in the order of {@code platforms.Only}. */
final class ContainerdMatcher implements PlatformMatcher {

    private final Platform node;
    private final RuntimeFamily family;
    private final CompatibleArchitectures compatible;
    private final boolean windows;
    private final int windowsBuild;

    /**
     * @param node the node's platform, normalised
     * @param family which of them
     */
    ContainerdMatcher(Platform node, RuntimeFamily family) {
        this.node = node;
        this.family = family;
        this.compatible = CompatibleArchitectures.of(node.architecture(), node.variant());
        this.windows = PlatformNames.WINDOWS.equals(node.os());
        this.windowsBuild = WindowsBuild.of(node.osVersion());
    }

    @Override
    public OptionalInt rank(Platform entry) {
        return rankOfNormal(entry.normalized());
    }

    private OptionalInt rankOfNormal(Platform entry) {
        // an empty operating system is that of the machine that compares
        boolean fits = (entry.os().isEmpty() || entry.os().equals(node.os()))
                && fitsWindows(entry.osVersion())
                && fitsFeatures(entry.osFeatures());
        return fits ? compatible.rank(entry.architecture(), entry.variant()) : OptionalInt.empty();
    }

    /** Nodes have no features that could be known, but for {@code win32k}, which Windows nodes ignore. */
    private boolean fitsFeatures(List<String> features) {
        return !family.comparesOsFeatures()
                || features.isEmpty()
                || windows && features.stream().allMatch("win32k"::equals);
    }

    private boolean fitsWindows(String version) {
        if (!windows || version.isEmpty() || windowsBuild == WindowsBuild.UNREADABLE) {
            return true;
        }
        return WindowsBuild.runsOn(windowsBuild, WindowsBuild.of(version));
    }

    /**
     * {@inheritDoc} The variants of one 64-bit architecture are not sub-platforms here: a node that is said to be amd64/v3 has a
     * containerd that calls itself amd64 or amd64/v3, and nobody would run the one that does not fetch the baseline.
     */
    @Override
    public boolean fetches(Platform entry) {
        Platform normal = entry.normalized();
        if (rankOfNormal(normal).isEmpty()) {
            return false;
        }
        boolean sameVariant =
                !"arm".equals(node.architecture()) || normal.variant().equals(node.variant());
        return !family.usesTransferService() || normal.architecture().equals(node.architecture()) && sameVariant;
    }
}
