package dev.stowage.verdict;

import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.PlatformMatcher;
import dev.stowage.platform.RuntimeFamily;
import java.util.ArrayList;
import java.util.List;

/** What may still go wrong with an entry that a node of this profile takes. */
final class EntryWarnings {

    static final String ARM_ON_ARM64 = "is 32-bit arm, which some arm64 processors do not run";

    private EntryWarnings() {}

    static boolean is32BitArm(Platform image, Platform node) {
        return "arm".equals(image.architecture()) && "arm64".equals(node.architecture());
    }

    static List<String> of(Platform claimed, NodeProfile profile) {
        Platform entry = claimed.normalized();
        Platform node = profile.platform();
        List<String> warnings = new ArrayList<>();
        if (!claimed.osFeatures().isEmpty() && !"windows".equals(node.os())) {
            warnings.add("its entry requires os.features, which containerd 2.3 and newer compare with the node's");
        }
        boolean versionUnknown = entry.osVersion().isEmpty() || node.osVersion().isEmpty();
        if ("windows".equals(node.os()) && versionUnknown) {
            warnings.add("the Windows version of the image or the node is unknown, so they may not match");
        }
        boolean subPlatform = profile.runtime() != RuntimeFamily.CRIO
                && !PlatformMatcher.of(new NodeProfile(node, RuntimeFamily.CONTAINERD_2_1))
                        .fetches(claimed);
        if (subPlatform) {
            warnings.add("is " + entry + ", which containerd 2.1 and newer do not run in their default pull mode");
        }
        if (is32BitArm(entry, node)) {
            warnings.add(ARM_ON_ARM64);
        }
        return warnings;
    }
}
