package dev.stowage.cluster.watch;

import com.github.benmanes.caffeine.cache.Interner;
import dev.stowage.kube.OddObjects;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.Taint;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.text.Glob;
import dev.stowage.workload.ExtendedResources;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSystemInfo;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Translates Node objects into the few facts that count. */
public final class NodeReader {

    /** A node cannot say its processor's variant in the API; whoever knows it may say it with this label. */
    static final String VARIANT_LABEL = "stowage.dev/variant";

    private static final String WINDOWS_BUILD_LABEL = "node.kubernetes.io/windows-build";
    private static final Pattern WINDOWS_VERSION = Pattern.compile("\\d+\\.\\d+\\.\\d+(\\.\\d+)?");

    /** Nodes are many and their profiles few: what is the same instance is compared at once. */
    private static final Interner<NodeProfile> PROFILES = Interner.newWeakInterner();

    private NodeReader() {}

    /** What counts of a node, with these keys of taints that its cluster's own controllers remove soon. */
    public static NodeFacts read(Node node, List<Glob> transientTaints) {
        NodeFacts facts = read(node);
        return transientTaints.isEmpty() || facts.taints().isEmpty()
                ? facts
                : facts.withTaints(facts.taints().stream()
                        .filter(taint -> transientTaints.stream().noneMatch(glob -> glob.matches(taint.key())))
                        .toList());
    }

    /** What counts of a node; a node with too many labels or taints counts as one whose platform is not known. */
    public static NodeFacts read(Node node) {
        if (isTooLarge(node)) {
            OddObjects.report(
                    "Node",
                    node.getMetadata(),
                    "has more than " + StoredLimits.SCHEDULING_VALUES + " labels or taints; it is ignored");
            return new NodeFacts(node.getMetadata().getName(), false, Optional.empty(), Map.of(), List.of());
        }
        Map<String, String> labels = labels(node);
        RuntimeFamily reported = reportedRuntime(node);
        NodeLabels stated = NodeLabels.of(node.getMetadata(), reported);
        stated.problems().forEach(problem -> OddObjects.report("Node", node.getMetadata(), problem));
        return new NodeFacts(
                        node.getMetadata().getName(),
                        false,
                        profile(node, labels, stated.runtime().orElse(reported), stated.emulates()),
                        labels,
                        taints(node))
                .withResources(resources(node))
                .withProblems(stated.problems());
    }

    private static boolean isTooLarge(Node node) {
        Map<String, String> labels = node.getMetadata().getLabels();
        return labels != null && labels.size() > StoredLimits.SCHEDULING_VALUES
                || node.getSpec() != null
                        && node.getSpec().getTaints() != null
                        && node.getSpec().getTaints().size() > StoredLimits.SCHEDULING_VALUES;
    }

    /** The status is the kubelet's own word; labels stand in for it, because anyone may make a node without status. */
    private static Optional<NodeProfile> profile(
            Node node, Map<String, String> labels, RuntimeFamily runtime, List<Platform> emulates) {
        NodeSystemInfo info = node.getStatus() == null ? null : node.getStatus().getNodeInfo();
        String os = firstKnown(info == null ? null : info.getOperatingSystem(), labels, "kubernetes.io/os");
        String architecture = firstKnown(info == null ? null : info.getArchitecture(), labels, "kubernetes.io/arch");
        if (os.isEmpty() || architecture.isEmpty()) {
            return Optional.empty();
        }
        String variant = labels.getOrDefault(VARIANT_LABEL, "");
        String version = "windows".equals(os) ? windowsVersion(info, labels) : "";
        return Optional.of(PROFILES.intern(
                new NodeProfile(new Platform(os, architecture, variant, version, List.of()), runtime, emulates)));
    }

    private static RuntimeFamily reportedRuntime(Node node) {
        NodeSystemInfo info = node.getStatus() == null ? null : node.getStatus().getNodeInfo();
        return info == null
                ? RuntimeFamily.reportedAs("", "")
                : RuntimeFamily.reportedAs(text(info.getContainerRuntimeVersion()), text(info.getOsImage()));
    }

    private static String windowsVersion(NodeSystemInfo info, Map<String, String> labels) {
        String kernel = info == null ? "" : text(info.getKernelVersion());
        return WINDOWS_VERSION.matcher(kernel).matches() ? kernel : labels.getOrDefault(WINDOWS_BUILD_LABEL, "");
    }

    private static String firstKnown(String reported, Map<String, String> labels, String label) {
        if (!text(reported).isEmpty()) {
            return reported;
        }
        return labels.getOrDefault(label, labels.getOrDefault("beta." + label, ""));
    }

    /** All labels, because any may be selected; keys are few and shared by all nodes, so each is kept once. */
    private static Map<String, String> labels(Node node) {
        Map<String, String> labels = new HashMap<>();
        if (node.getMetadata().getLabels() != null) {
            node.getMetadata().getLabels().forEach((key, value) -> labels.put(key.intern(), text(value)));
        }
        return labels;
    }

    private static List<Taint> taints(Node node) {
        if (node.getSpec() == null || node.getSpec().getTaints() == null) {
            return List.of();
        }
        return node.getSpec().getTaints().stream()
                .map(taint -> new Taint(text(taint.getKey()), text(taint.getValue()), text(taint.getEffect())))
                .toList();
    }

    /** The extended resources of which the node has some; a device plugin that is not running leaves zero. */
    private static Set<String> resources(Node node) {
        if (node.getStatus() == null || node.getStatus().getAllocatable() == null) {
            return Set.of();
        }
        Set<String> resources = new TreeSet<>();
        node.getStatus().getAllocatable().forEach((name, quantity) -> {
            boolean some = quantity != null && ExtendedResources.isExtended(name) && !isZero(quantity);
            if (some && name.length() <= StoredLimits.TEXT && resources.size() < StoredLimits.RESOURCES) {
                resources.add(name.intern());
            }
        });
        return resources;
    }

    private static boolean isZero(Quantity quantity) {
        return ExtendedResources.isZero(text(quantity.getAmount()));
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }
}
