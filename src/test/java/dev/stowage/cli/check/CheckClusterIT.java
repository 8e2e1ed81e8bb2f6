package dev.stowage.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.cli.CommandRun;
import dev.stowage.cli.Manifests;
import dev.stowage.demo.SampleImages;
import dev.stowage.platform.Platform;
import dev.stowage.testing.KarpenterCrd;
import dev.stowage.testing.MemoryRegistry;
import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check --context} next to a real API server: what its RuntimeClasses and namespaces add counts as at admission. */
@RequiresApiServer
class CheckClusterIT {

    private static final String IMAGE = "r.example/app:amd64";

    /** Two nodes, a RuntimeClass that leads to one, a namespace that leads to the other, and a user who may list nodes only. */
    private static final String CLUSTER = """
            apiVersion: v1
            kind: Node
            metadata: {name: check-amd64, labels: {kubernetes.io/arch: amd64, kubernetes.io/os: linux, check: amd64}}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: check-arm64, labels: {kubernetes.io/arch: arm64, kubernetes.io/os: linux, check: arm64}}
            spec: {taints: [{key: check, effect: NoSchedule}]}
            ---
            apiVersion: node.k8s.io/v1
            kind: RuntimeClass
            metadata: {name: check-arm}
            handler: runc
            scheduling: {nodeSelector: {check: arm64}, tolerations: [{key: check, operator: Exists}]}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: check-amd, annotations: {scheduler.alpha.kubernetes.io/node-selector: check=amd64}}
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: check-reader, namespace: check-amd}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: check-reader}
            rules: [{apiGroups: [""], resources: [nodes], verbs: [list]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: check-reader}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: check-reader}
            subjects: [{kind: ServiceAccount, name: check-reader, namespace: check-amd}]
            """;

    @TempDir
    private Path folder;

    private final MemoryRegistry registry = new MemoryRegistry();
    private final List<HasMetadata> made = new ArrayList<>();
    private ApiServer server;
    private KubernetesClient client;
    private Path kubeconfig;

    @BeforeEach
    void cluster() throws Exception {
        server = ApiServer.shared();
        client = server.client();
        client.load(new ByteArrayInputStream(CLUSTER.getBytes(StandardCharsets.UTF_8)))
                .items()
                .forEach(object ->
                        made.add(0, client.resource(object).forceConflicts().serverSideApply()));
        kubeconfig = Files.writeString(folder.resolve("admin"), server.kubeconfig());
        SampleImages images = new SampleImages(registry);
        images.index("amd64", images.image(Platform.of("linux", "amd64")));
    }

    @AfterEach
    void close() {
        made.stream().filter(object -> !object.getKind().equals("Namespace")).forEach(object -> client.resource(object)
                .delete());
        client.close();
    }

    @Test
    @DisplayName(
            "a RuntimeClass's node selector and tolerations lead a template, and a pod, where the image does not run")
    void runtimeClass() throws Exception {
        assertThat(check(deployment("default", "check: amd64", "")).code()).isZero();

        CommandRun.Result template = check(deployment("default", "", "check-arm"));
        CommandRun.Result pod = check(
                Manifests.pod("p", IMAGE) + "  runtimeClassName: check-arm\n" + "  nodeSelector: {check: arm64}\n");

        assertThat(template.code()).as(template.toString()).isEqualTo(1);
        assertThat(template.out()).contains("linux/arm64").doesNotContain("linux/amd64  Runs");
        assertThat(pod.code()).as(pod.toString()).isEqualTo(1);
        assertThat(template.err()).doesNotContain("cannot be listed");
    }

    @Test
    @DisplayName(
            "a namespace's node selector counts, and where it contradicts the template it is said that pods will be refused")
    void namespace() throws Exception {
        CommandRun.Result led = check(deployment("check-amd", "", ""));
        CommandRun.Result contradicted = check(deployment("check-amd", "check: arm64", ""));

        assertThat(led.code()).as(led.toString()).isZero();
        assertThat(led.out()).contains("linux/amd64").doesNotContain("linux/arm64");
        assertThat(contradicted.err())
                .contains("the API server will reject its pods: the namespace selects nodes with check=amd64,"
                        + " but the pods select check=arm64")
                .contains("is not checked: its pods may run on none of the cluster's nodes");
    }

    @Test
    @DisplayName("a Karpenter NodePool counts where the pod may be scheduled on its nodes")
    void karpenter() throws Exception {
        KarpenterCrd.install(client);
        try {
            client.resource(KarpenterCrd.nodePool("amd64", "arm64")).create();
            String pod = Manifests.pod("p", IMAGE) + "  nodeSelector: {team: shop}\n";

            assertThat(check(pod).err()).contains("is not checked: its pods may run on none of the cluster's nodes");
            CommandRun.Result tolerated = check(pod + "  tolerations: [{key: dedicated, operator: Exists}]\n");
            assertThat(tolerated.code()).as(tolerated.toString()).isEqualTo(1);
            assertThat(tolerated.out()).contains("linux/amd64").contains("linux/arm64");
        } finally {
            KarpenterCrd.remove(client);
        }
    }

    @Test
    @DisplayName("a namespace's annotation states where its pods run")
    void statedPlatforms() throws Exception {
        client.namespaces().withName("check-amd").edit(found -> found.edit()
                .editMetadata()
                .addToAnnotations("stowage.dev/platforms", "linux/arm64")
                .endMetadata()
                .build());
        try {
            CommandRun.Result stated = check(deployment("check-amd", "", ""));

            assertThat(stated.code()).as(stated.toString()).isEqualTo(1);
            assertThat(stated.out()).contains("linux/arm64").doesNotContain("linux/amd64  Runs");
        } finally {
            client.namespaces().withName("check-amd").edit(found -> found.edit()
                    .editMetadata()
                    .removeFromAnnotations("stowage.dev/platforms")
                    .endMetadata()
                    .build());
        }
    }

    @Test
    @DisplayName("a RuntimeClass that does not exist is named")
    void missingRuntimeClass() throws Exception {
        assertThat(check(deployment("check-amd", "", "check-none")).err())
                .contains("the API server will reject its pods: RuntimeClass \"check-none\" does not exist");
    }

    @Test
    @DisplayName("without the permission to list them there is one warning, and the check continues with the nodes")
    void withoutTheRight() throws Exception {
        String token = client.serviceAccounts()
                .inNamespace("check-amd")
                .withName("check-reader")
                .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
                .getStatus()
                .getToken();
        Config admin = Config.fromKubeconfig(server.kubeconfig());
        kubeconfig = Files.writeString(folder.resolve("reader"), """
                apiVersion: v1
                kind: Config
                current-context: reader
                contexts: [{name: reader, context: {cluster: c, user: reader}}]
                clusters: [{name: c, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
                users: [{name: reader, user: {token: "%s"}}]
                """.formatted(admin.getMasterUrl(), token));

        CommandRun.Result result = check(deployment("check-amd", "check: amd64", "check-arm"));

        assertThat(result.code()).as(result.toString()).isZero();
        assertThat(result.err().lines().filter(line -> line.contains("cannot be listed")))
                .containsExactly(
                        "stowage: the cluster's namespaces and runtimeclasses cannot be listed (permission \"list\" missing?):"
                                + " what they add to pods is left out");
    }

    private CommandRun.Result check(String manifest) {
        return CommandRun.with(registry).input(manifest).run("check", "-f", "-", "--kubeconfig", kubeconfig.toString());
    }

    private static String deployment(String namespace, String nodeSelector, String runtimeClass) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: %s}
                spec:
                  template:
                    spec:
                      nodeSelector: {%s}
                %s      containers: [{name: main, image: "%s"}]
                """.formatted(
                        namespace,
                        nodeSelector,
                        runtimeClass.isEmpty() ? "" : "      runtimeClassName: " + runtimeClass + "\n",
                        IMAGE);
    }
}
