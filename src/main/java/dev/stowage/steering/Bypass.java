package dev.stowage.steering;

import dev.stowage.node.NodeSelectorTerm;
import dev.stowage.node.SchedulingRules;
import dev.stowage.workload.ControllingOwner;
import dev.stowage.workload.Workload;
import java.util.List;
import java.util.Optional;

/** The pods of which something else decides where they run; they are never steered. */
public final class Bypass {

    private Bypass() {}

    /**
     * Whether the pods of this workload are left alone, whatever their images are.
     *
     * @param owner a pod's controlling owner, if it names one
     */
    public static boolean applies(Workload workload, Optional<ControllingOwner> owner) {
        SchedulingRules rules = workload.scheduling();
        boolean ofDaemonSet = owner.filter(Bypass::isDaemonSet).isPresent();
        return workload.mirror()
                || ofDaemonSet
                || rules.daemonSet()
                || rules.nodeName().isPresent()
                || rules.platforms().isPresent()
                || workload.placedLater()
                || selectsArchitecture(rules)
                || rules.requiredAffinity().orElse(List.of()).stream().anyMatch(Bypass::namesNode);
    }

    private static boolean isDaemonSet(ControllingOwner owner) {
        return owner.kind().equals("DaemonSet") && owner.apiVersion().startsWith("apps/");
    }

    private static boolean selectsArchitecture(SchedulingRules rules) {
        return rules.nodeSelector().containsKey(PlatformRequirement.ARCH)
                || rules.nodeSelector().containsKey("beta." + PlatformRequirement.ARCH);
    }

    /** As the DaemonSet controller does. */
    private static boolean namesNode(NodeSelectorTerm term) {
        return term.matchFields().stream()
                .anyMatch(field ->
                        field.key().equals("metadata.name") && field.operator().equals("In"));
    }
}
