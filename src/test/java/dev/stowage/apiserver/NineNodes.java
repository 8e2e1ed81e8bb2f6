package dev.stowage.apiserver;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The nine nodes of the table of node eligibility at a real API server, with room for pods; and three that clouds make: with GPUs, with
 * Google's taint of Arm nodes, and just starting.
 */
final class NineNodes {

    /** A label with the node's name, which pods are pinned by; no row requests it, so "nolabels" may have it too. */
    static final String PIN = "crosscheck.stowage.dev/node";

    static final List<String> NAMES = List.of(
            "amd",
            "arm",
            "arm-taint",
            "amd-prefer",
            "amd-cordon",
            "arm-notready",
            "cp",
            "win",
            "nolabels",
            "gpu",
            "arm-arch",
            "amd-starting");

    private static final Map<String, Quantity> ROOM =
            Map.of("cpu", new Quantity("64"), "memory", new Quantity("256Gi"), "pods", new Quantity("1000"));

    private NineNodes() {}

    /** Whether a node is a Linux of this architecture, and its labels say so. */
    static boolean isLabeled(String name, String architecture) {
        Map<String, String> labels = labels(name);
        return "linux".equals(labels.get("kubernetes.io/os")) && architecture.equals(labels.get("kubernetes.io/arch"));
    }

    static void create(KubernetesClient client) {
        NAMES.forEach(name -> create(client, name));
    }

    static void delete(KubernetesClient client) {
        client.nodes().withLabel(PIN).delete();
    }

    private static void create(KubernetesClient client, String name) {
        Node node = new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels(name))
                .endMetadata()
                .build();
        client.resource(node).create();
        // the API server taints what is created as not ready
        client.nodes().withName(name).edit(created -> created.edit()
                .editOrNewSpec()
                .withTaints(taints(name))
                .withUnschedulable(name.equals("amd-cordon") ? true : null)
                .endSpec()
                .build());
        client.nodes().withName(name).editStatus(created -> created.edit()
                .withNewStatus()
                .withCapacity(room(name))
                .withAllocatable(room(name))
                .addNewCondition()
                .withType("Ready")
                .withStatus(name.equals("arm-notready") ? "False" : "True")
                .withReason("CrossCheck")
                .endCondition()
                .withNewNodeInfo()
                .withOperatingSystem(os(name))
                .withArchitecture(architecture(name))
                .withContainerRuntimeVersion("containerd://2.1.4")
                .withBootID("")
                .withKernelVersion(os(name).equals("windows") ? "10.0.20348.2227" : "6.1.0")
                .withKubeletVersion("v1.34.4")
                .withKubeProxyVersion("")
                .withMachineID("")
                .withOsImage("")
                .withSystemUUID("")
                .endNodeInfo()
                .endStatus()
                .build());
    }

    /** A device plugin that has stopped leaves zero. */
    private static Map<String, Quantity> room(String name) {
        Map<String, Quantity> room = new HashMap<>(ROOM);
        switch (name) {
            case "gpu" -> room.put("nvidia.com/gpu", new Quantity("1000"));
            case "amd" -> room.put("nvidia.com/gpu", new Quantity("0"));
            case "arm" -> room.put("example.com/fpga", new Quantity("1k"));
            default -> {}
        }
        return room;
    }

    private static Map<String, String> labels(String name) {
        Map<String, String> labels = new HashMap<>();
        labels.put(PIN, name);
        if (!name.equals("nolabels")) {
            labels.put("kubernetes.io/hostname", name);
            for (String prefix : List.of("", "beta.")) {
                labels.put(prefix + "kubernetes.io/arch", architecture(name));
                labels.put(prefix + "kubernetes.io/os", os(name));
            }
        }
        return labels;
    }

    private static String os(String name) {
        return name.equals("win") ? "windows" : "linux";
    }

    private static String architecture(String name) {
        return name.startsWith("arm") ? "arm64" : "amd64";
    }

    private static List<Taint> taints(String name) {
        List<Taint> taints = new ArrayList<>();
        switch (name) {
            case "arm-taint" -> taints.add(taint("arch", "arm64", "NoSchedule"));
            case "amd-prefer" -> taints.add(taint("x", "", "PreferNoSchedule"));
            case "amd-cordon" -> taints.add(taint("node.kubernetes.io/unschedulable", "", "NoSchedule"));
            case "arm-notready" -> {
                taints.add(taint("node.kubernetes.io/not-ready", "", "NoSchedule"));
                taints.add(taint("node.kubernetes.io/not-ready", "", "NoExecute"));
            }
            case "cp" -> taints.add(taint("node-role.kubernetes.io/control-plane", "", "NoSchedule"));
            case "gpu" -> taints.add(taint("nvidia.com/gpu", "present", "NoSchedule"));
            case "arm-arch" -> taints.add(taint("kubernetes.io/arch", "arm64", "NoSchedule"));
            case "amd-starting" -> taints.add(taint("node.cilium.io/agent-not-ready", "true", "NoSchedule"));
            case "win" -> taints.add(taint("os", "windows", "NoSchedule"));
            default -> {}
        }
        return taints;
    }

    private static Taint taint(String key, String value, String effect) {
        return new Taint(effect, key, null, value);
    }
}
