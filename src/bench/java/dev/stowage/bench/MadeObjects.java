package dev.stowage.bench;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.util.Map;

/** Objects in an API server beside which no kubelet and no controller runs. */
public final class MadeObjects {

    private static final String WEBHOOK = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";

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
        node(client, name, architecture, Map.of());
    }

    /** The same with more labels. */
    public static void node(KubernetesClient client, String name, String architecture, Map<String, String> labels) {
        Node node = new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(Map.of("kubernetes.io/os", "linux", "kubernetes.io/arch", architecture))
                .addToLabels(labels)
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

    /** The webhook configuration of a replica at this port, whose path Stowage enters; for a resource that does not exist. */
    public static void webhook(KubernetesClient client, int port) {
        client.raw(WEBHOOK, "POST", """
                {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration",
                "metadata":{"name":"stowage"},"webhooks":[{"name":"validate.stowage.dev","sideEffects":"None",
                "admissionReviewVersions":["v1"],"failurePolicy":"Ignore","clientConfig":{"url":"https://127.0.0.1:%d/"},
                "rules":[{"apiGroups":["none.example"],"apiVersions":["v1"],"operations":["CREATE"],"resources":["none"]}]}]}
                """.formatted(port));
    }

    /** Where API servers send reviews, as Stowage has entered it there. */
    public static String reviewPath(KubernetesClient client) {
        return URI.create(client.admissionRegistration()
                        .v1()
                        .validatingWebhookConfigurations()
                        .withName("stowage")
                        .get()
                        .getWebhooks()
                        .get(0)
                        .getClientConfig()
                        .getUrl())
                .getPath();
    }
}
