package dev.stowage.verdict;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The verdict on nodes whose containerd pulls in one of two modes that a Node does not report. */
final class PullModeVerdict {

    private static final String LABEL =
            "; the label stowage.dev/runtime on the node (containerd-2.1, containerd-2.3 or containerd-local) decides";

    private PullModeVerdict() {}

    /**
     * @param usual the verdict in containerd's default mode
     * @param local the verdict in its local mode
     */
    static Verdict of(Verdict usual, Verdict local) {
        if (usual.equals(local)) {
            return usual;
        }
        if (usual instanceof Verdict.Runs runs && local instanceof Verdict.Runs other) {
            Set<String> warnings = new LinkedHashSet<>(runs.warnings());
            warnings.addAll(other.warnings());
            return new Verdict.Runs(List.copyOf(warnings));
        }
        if (usual instanceof Verdict.Undetermined || local instanceof Verdict.Undetermined) {
            return usual instanceof Verdict.Undetermined ? usual : local;
        }
        if (usual instanceof Verdict.DoesNotRun && local instanceof Verdict.DoesNotRun) {
            return usual;
        }
        return usual instanceof Verdict.DoesNotRun
                ? depends(usual, "in the default pull mode of containerd", "in its local mode")
                : depends(local, "in the local pull mode of containerd", "in its default mode");
    }

    private static Verdict depends(Verdict failing, String there, String elsewhere) {
        return new Verdict.Undetermined(
                Reason.NODE_DEPENDENT,
                "does not run " + there + " (" + failing.message() + "), but runs " + elsewhere + LABEL);
    }
}
