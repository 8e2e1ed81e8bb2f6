package dev.stowage.verdict;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The verdict on nodes whose containerd pulls in one of two modes that a Node does not report. */
final class PullModeVerdict {

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
                ? depends("local", "containerd-local", usual)
                : depends("default", "containerd-2.1 or containerd-2.3", local);
    }

    private static Verdict depends(String mode, String family, Verdict failing) {
        return new Verdict.Undetermined(
                Reason.NODE_DEPENDENT,
                "runs only in the " + mode + " pull mode of containerd; the node label stowage.dev/runtime (" + family
                        + ") declares it. In the other mode it " + failing.message());
    }
}
