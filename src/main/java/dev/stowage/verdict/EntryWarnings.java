package dev.stowage.verdict;

import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.PlatformMatcher;
import dev.stowage.platform.RuntimeFamily;
import java.util.ArrayList;
import java.util.List;

/** What may still go wrong with an entry that a node of this profile takes. */
final class EntryWarnings {

    private EntryWarnings() {}

    static List<String> of(Platform claimed, NodeProfile profile) {
        Platform entry = claimed.normalized();
        Platform node = profile.platform();
        List<String> warnings = new ArrayList<>();
        if (!claimed.osFeatures().isEmpty() && !"windows".equals(node.os())) {
            warnings.add("its entry requires os.features, which newer containerd compares with the node's");
        }
        boolean versionUnknown = entry.osVersion().isEmpty() || node.osVersion().isEmpty();
        if ("windows".equals(node.os()) && versionUnknown) {
            warnings.add("the Windows version of the image or the node is unknown, so they may not match");
        }
        boolean otherArchitecture = !entry.architecture().equals(node.architecture());
        if (profile.runtime() == RuntimeFamily.CONTAINERD_LEGACY
                && !PlatformMatcher.of(NodeProfile.of(node)).fetches(claimed)) {
            warnings.add("runs as " + entry + " only with containerd older than 2.1");
        }
        if (otherArchitecture && "arm".equals(entry.architecture())) {
            warnings.add("is 32-bit arm, which some arm64 processors do not run");
        }
        return warnings;
    }
}
