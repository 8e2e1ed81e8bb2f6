package dev.stowage.cluster.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.kube.OddObjects;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.Provisioner;
import dev.stowage.node.Taint;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.workload.ExtendedResources;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Translates a NodePool of Karpenter ({@code karpenter.sh/v1}) into pools: one for each platform that its requirements allow. If they do
 * not mention the architecture, it is known that the pool's nodes may have any.
 */
final class NodePoolReader {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ARCHITECTURE = "kubernetes.io/arch";
    private static final String OS = "kubernetes.io/os";
    private static final String POOL = "karpenter.sh/nodepool";

    /** The architectures of the clouds that Karpenter knows. */
    private static final Set<String> ARCHITECTURES = new TreeSet<>(Set.of("amd64", "arm64"));

    private static final Set<String> SYSTEMS = new TreeSet<>(Set.of("linux", "windows"));
    private static final int MAX_PLATFORMS = 16;

    private NodePoolReader() {}

    /** The pools; none if this one cannot add nodes, or is too large to be read. */
    static List<NodeFacts> read(GenericKubernetesResource nodePool) {
        JsonNode spec = JSON.valueToTree(nodePool.getAdditionalProperties().get("spec"));
        JsonNode template = spec.path("template");
        JsonNode requirements = template.path("spec").path("requirements");
        JsonNode labels = template.path("metadata").path("labels");
        JsonNode taints = template.path("spec").path("taints");
        if (Math.max(Math.max(requirements.size(), labels.size()), taints.size()) > StoredLimits.SCHEDULING_VALUES) {
            OddObjects.report(
                    "NodePool",
                    nodePool.getMetadata(),
                    "has more than " + StoredLimits.SCHEDULING_VALUES
                            + " requirements, labels or taints; it is ignored");
            return List.of();
        }
        return addsNothing(spec) ? List.of() : pools(nodePool.getMetadata().getName(), labels, requirements, taints);
    }

    /** A limit of zero is how a pool is switched off. */
    private static boolean addsNothing(JsonNode spec) {
        boolean none = spec.path("replicas").isNumber() && spec.path("replicas").asLong() == 0;
        for (JsonNode limit : spec.path("limits")) {
            none |= limit.isValueNode() && ExtendedResources.isZero(limit.asText());
        }
        return none;
    }

    private static List<NodeFacts> pools(String name, JsonNode labels, JsonNode requirements, JsonNode taints) {
        Map<String, Set<String>> choices = choices(requirements);
        boolean anyArchitecture = choices.getOrDefault(ARCHITECTURE, Set.of()).isEmpty();
        Set<String> architectures = anyArchitecture ? ARCHITECTURES : choices.get(ARCHITECTURE);
        Set<String> systems = choices.getOrDefault(OS, Set.of()).isEmpty() ? Set.of("linux") : choices.get(OS);
        choices.keySet().removeAll(Set.of(ARCHITECTURE, OS));
        Map<String, String> known = new TreeMap<>();
        labels.properties()
                .forEach(label -> known.put(label.getKey(), label.getValue().asText()));
        known.put(POOL, name);
        choices.forEach((key, values) -> {
            if (values.size() == 1) {
                known.putIfAbsent(key, values.iterator().next());
            }
        });
        Provisioner provisioner = new Provisioner(choices, anyArchitecture);
        List<NodeFacts> pools = new ArrayList<>();
        for (String os : systems) {
            for (String architecture : architectures) {
                if (pools.size() < MAX_PLATFORMS && !os.isEmpty() && !architecture.isEmpty()) {
                    pools.add(new NodeFacts(
                            name,
                            true,
                            // the runtime comes with the machine image, which a NodePool does not describe
                            Optional.of(new NodeProfile(
                                    Platform.of(os, architecture), RuntimeFamily.CONTAINERD_2_3_ANY_MODE)),
                            known,
                            taints(taints),
                            Set.of(),
                            Optional.of(provisioner),
                            List.of()));
                }
            }
        }
        return pools;
    }

    /** The values that each label may get; any value where there are none. */
    private static Map<String, Set<String>> choices(JsonNode requirements) {
        Map<String, Set<String>> choices = new LinkedHashMap<>();
        for (JsonNode requirement : requirements) {
            String key = requirement.path("key").asText();
            Set<String> values = new LinkedHashSet<>();
            requirement.path("values").forEach(value -> values.add(value.asText()));
            Set<String> before = choices.getOrDefault(key, Set.of());
            switch (requirement.path("operator").asText()) {
                case "In" -> {
                    if (!before.isEmpty()) {
                        values.retainAll(before);
                    }
                    choices.put(key, values);
                }
                case "NotIn" -> {
                    Set<String> others = new LinkedHashSet<>(before.isEmpty() ? all(key) : before);
                    others.removeAll(values);
                    choices.put(key, others);
                }
                case "DoesNotExist" -> choices.remove(key);
                default -> choices.putIfAbsent(key, new LinkedHashSet<>());
            }
        }
        return new HashMap<>(choices);
    }

    private static Set<String> all(String key) {
        return key.equals(ARCHITECTURE) ? ARCHITECTURES : key.equals(OS) ? SYSTEMS : Set.of();
    }

    private static List<Taint> taints(JsonNode taints) {
        List<Taint> read = new ArrayList<>();
        taints.forEach(taint -> read.add(new Taint(
                taint.path("key").asText(),
                taint.path("value").asText(),
                taint.path("effect").asText())));
        return read;
    }
}
