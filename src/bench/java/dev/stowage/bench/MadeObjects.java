package dev.stowage.bench;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;

/** Objects in an API server beside which no kubelet and no controller runs. */
public final class MadeObjects {

    private MadeObjects() {}

    /** A namespace and the ServiceAccount that a controller would make in it. */
    public static void namespace(KubernetesClient client, String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("default")
                        .withNamespace(name)
                        .endMetadata()
                        .build())
                .create();
    }

    /** A Linux node with the state that its kubelet would report. */
    public static void node(KubernetesClient client, String name, String architecture) {
        Node node = new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(Map.of("kubernetes.io/os", "linux", "kubernetes.io/arch", architecture))
                .endMetadata()
                .withNewStatus()
                .withNewNodeInfo()
                .withOperatingSystem("linux")
                .withArchitecture(architecture)
                .withContainerRuntimeVersion("containerd://2.1.4")
                .withBootID("b")
                .withKernelVersion("6")
                .withKubeProxyVersion("")
                .withKubeletVersion("v1.34.0")
                .withMachineID("m")
                .withOsImage("Debian")
                .withSystemUUID("u")
                .endNodeInfo()
                .endStatus()
                .build();
        client.resource(node).create();
        client.resource(node).updateStatus();
    }
}
