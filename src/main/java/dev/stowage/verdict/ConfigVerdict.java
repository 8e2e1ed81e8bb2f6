package dev.stowage.verdict;

import dev.stowage.image.Printable;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.PlatformMatcher;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.verdict.Assessor.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a config says about running on a node. No runtime compares the config of a single manifest, nor of an entry that names a
 * platform, so this is about what the processor executes and not about what a runtime selects: 386 runs on amd64 everywhere.
 */
final class ConfigVerdict {

    private ConfigVerdict() {}

    /**
     * @param says the config's platform, as written
     * @param entry the index entry that led to it; empty for a single manifest
     */
    static Verdict of(Platform says, Optional<Descriptor> entry, NodeProfile profile, Purpose purpose) {
        if (purpose == Purpose.MOUNT) {
            return new Verdict.Runs(List.of());
        }
        boolean claimed = entry.flatMap(Descriptor::platform).isPresent();
        Optional<Verdict> unpacking = notUnpacked(says, claimed, profile);
        if (unpacking.isPresent()) {
            return unpacking.get();
        }
        Verdict verdict = ofUnpacked(says, claimed, profile);
        return purpose == Purpose.DATA && !(verdict instanceof Verdict.Runs) ? asData(says) : verdict;
    }

    private static Verdict ofUnpacked(Platform says, boolean claimed, NodeProfile profile) {
        if (says.isUnknown()) {
            return new Verdict.Runs(
                    List.of(
                            "its config says unknown/unknown, so it is unknown where it runs; set the platform when you build it"));
        }
        if (says.architecture().isEmpty()) {
            return claimed
                    ? new Verdict.Runs(
                            List.of("its config names no architecture; the platform in the index is assumed"))
                    : new Verdict.Undetermined(
                            Reason.CONFIG_INCOMPLETE, "its config names no architecture, so it may not run");
        }
        return compare(says, claimed, profile);
    }

    /** containerd 2.3 and newer pull an image of another operating system, and then cannot create the container. */
    private static Optional<Verdict> notUnpacked(Platform says, boolean claimed, NodeProfile profile) {
        String os = says.normalized().os();
        boolean otherOs = !os.isEmpty() && !os.equals(profile.platform().os());
        boolean features = !says.osFeatures().isEmpty() && !"windows".equals(os);
        if (!profile.runtime().unpacksOwnOsOnly() || !otherOs && !features) {
            return Optional.empty();
        }
        Reason reason = says.isUnknown()
                ? Reason.UNKNOWN_PLATFORM
                : claimed ? Reason.PLATFORM_MISMATCH : Reason.CONFIG_MISMATCH;
        String config = otherOs
                ? "its config says " + says.normalized()
                : "its config requires os.features " + Printable.of(String.join(", ", says.osFeatures()));
        return Optional.of(new Verdict.DoesNotRun(
                reason,
                config
                        + ", which containerd 2.3 and newer pull but do not unpack (\"parent snapshot does not exist\"); build it"
                        + " for " + profile.platform()));
    }

    /** A program from a volume may still start one of the image, as those of Tekton do. */
    private static Verdict asData(Platform says) {
        String platform = says.architecture().isEmpty()
                ? "an unknown platform"
                : says.normalized().toString();
        return new Verdict.Runs(List.of("the container's command is on a volume, so the image only provides files;"
                + " its own programs are for " + platform));
    }

    static Verdict wasm(Purpose purpose) {
        return switch (purpose) {
            case MOUNT -> new Verdict.Runs(List.of());
            case RUN_BY_RUNTIME_CLASS ->
                new Verdict.Undetermined(
                        Reason.NOT_AN_IMAGE,
                        "is a WebAssembly image; whether it runs depends on the handler of the RuntimeClass on the node");
            case RUN, DATA ->
                new Verdict.DoesNotRun(
                        Reason.NOT_AN_IMAGE,
                        "is a WebAssembly image; set runtimeClassName to a RuntimeClass that runs it");
        };
    }

    private static Verdict compare(Platform written, boolean claimed, NodeProfile profile) {
        Platform node = profile.platform();
        Platform says = written.normalized();
        // what the processor executes is what containerd before 2.1 selects
        PlatformMatcher executes = PlatformMatcher.of(new NodeProfile(node, RuntimeFamily.CONTAINERD_1));
        if (executes.matches(says)) {
            return new Verdict.Runs(doubts(says, node));
        }
        if (isOtherVariant(says, node)) {
            // containerd reads arm without variant as v7, but such a config requires nothing
            boolean needsVariant =
                    !written.variant().isEmpty() || !written.architecture().equals(node.architecture());
            String doubt = "its config says " + says + ": it may need a newer processor than some nodes have";
            return new Verdict.Runs(needsVariant ? List.of(doubt) : List.of());
        }
        if (profile.emulates(says)) {
            return new Verdict.Runs(List.of());
        }
        return claimed
                ? new Verdict.Runs(List.of("the index declares " + node + " and the image config " + says
                        + "; runtimes do not compare them, so it fails only if its programs are not for " + node))
                : new Verdict.DoesNotRun(
                        Reason.CONFIG_MISMATCH,
                        "is a single manifest whose config says " + says
                                + "; a node would pull it and fail (exec format error), unless the node emulates "
                                + says);
    }

    private static List<String> doubts(Platform says, Platform node) {
        List<String> doubts = new ArrayList<>();
        if (says.os().isEmpty()) {
            doubts.add("its config names no operating system");
        }
        if (EntryWarnings.is32BitArm(says, node)) {
            doubts.add(EntryWarnings.ARM_ON_ARM64);
        }
        return doubts;
    }

    /** The same processor family with another variant: nodes do not report their variant, so this is no more than a doubt. */
    private static boolean isOtherVariant(Platform says, Platform node) {
        boolean sameOs = says.os().isEmpty() || says.os().equals(node.os());
        return sameOs
                && says.architecture().equals(node.architecture())
                && !says.variant().equals(node.variant())
                && !"windows".equals(node.os());
    }

    static boolean isWasm(Platform says) {
        return "wasm".equals(says.architecture()) || says.os().startsWith("wasi");
    }
}
