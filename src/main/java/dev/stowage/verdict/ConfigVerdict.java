package dev.stowage.verdict;

import dev.stowage.oci.Descriptor;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.PlatformMatcher;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.verdict.Assessor.Purpose;
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
        if (purpose == Purpose.DATA) {
            return of(says, entry, profile, Purpose.RUN) instanceof Verdict.Runs runs ? runs : asData(says);
        }
        if (isWasm(says)) {
            return wasm(purpose);
        }
        boolean claimed = entry.flatMap(Descriptor::platform).isPresent();
        if (says.isUnknown() && !claimed) {
            return new Verdict.DoesNotRun(
                    Reason.UNKNOWN_PLATFORM,
                    "its config says unknown/unknown, so it is unknown where it runs; set the platform when you build it");
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
        // what the processor executes is what containerd before 2.1 selected
        PlatformMatcher executes = PlatformMatcher.of(new NodeProfile(node, RuntimeFamily.CONTAINERD_LEGACY));
        if (executes.matches(says)) {
            return new Verdict.Runs(says.os().isEmpty() ? List.of("its config names no operating system") : List.of());
        }
        if (isOtherVariant(says, node)) {
            // containerd reads arm without variant as v7, but such a config requires nothing
            boolean needsVariant =
                    !written.variant().isEmpty() || !written.architecture().equals(node.architecture());
            String doubt = "its config says " + says + ": it may need a newer processor than some nodes have";
            return new Verdict.Runs(needsVariant ? List.of(doubt) : List.of());
        }
        return claimed
                ? new Verdict.DoesNotRun(
                        Reason.PLATFORM_MISMATCH,
                        "the index declares " + node + " but the image config says " + says
                                + " (exec format error); build it again")
                : new Verdict.DoesNotRun(
                        Reason.CONFIG_MISMATCH,
                        "is a single manifest whose config says " + says
                                + "; a node would pull it and fail (exec format error)");
    }

    /** The same processor family with another variant: nodes do not report their variant, so this is no more than a doubt. */
    private static boolean isOtherVariant(Platform says, Platform node) {
        boolean sameOs = says.os().isEmpty() || says.os().equals(node.os());
        return sameOs
                && says.architecture().equals(node.architecture())
                && !says.variant().equals(node.variant())
                && !"windows".equals(node.os());
    }

    private static boolean isWasm(Platform says) {
        return "wasm".equals(says.architecture()) || says.os().startsWith("wasi");
    }
}
