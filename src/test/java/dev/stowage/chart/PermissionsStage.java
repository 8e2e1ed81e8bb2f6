package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.apiserver.ApiServer;
import dev.stowage.demo.EmbeddedRegistry;
import dev.stowage.demo.SampleImages;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.Platform;
import dev.stowage.report.api.ImageReport;
import dev.stowage.serve.ServeStage;
import dev.stowage.testing.Await;
import dev.stowage.testing.LogCapture;
import dev.stowage.testing.Reviews;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * An installation of the chart as far as an API server without controllers goes: its roles, its webhook configuration, and all of
 * Stowage with the rights of its ServiceAccount, next to a namespace in which each of these rights is needed.
 */
final class PermissionsStage implements AutoCloseable {

    static final String RELEASE = "stowage-rights";
    static final Chart READING_PULL_SECRETS = chart(true);
    static final Chart NOT_READING_PULL_SECRETS = chart(false);

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubernetesClient admin;
    private final Chart chart;
    private final String home = "rights-" + UUID.randomUUID().toString().substring(0, 8);
    private final String shop = home + "-shop";
    private final String user = "system:serviceaccount:" + home + ":stowage";
    private final List<HasMetadata> made = new ArrayList<>();
    private final EmbeddedRegistry registry = EmbeddedRegistry.start();
    private final LogCapture log = new LogCapture();
    private final Path config;
    private final ApiServer server;
    private ServeStage stowage;
    private String lastAnswer = "";

    /** Gives all rights of this chart but these; {@link #start()} starts Stowage. */
    PermissionsStage(ApiServer server, Chart chart, Set<GrantedPermission> without) throws IOException {
        this.server = server;
        this.chart = chart;
        this.admin = server.client();
        this.config = Files.createTempFile("stowage-rights", ".yaml");
        grant(without);
        images();
        install();
        needEachRight(without);
    }

    private static Chart chart(boolean pullSecrets) {
        return Chart.release(
                RELEASE,
                "config: {pullSecrets: {enabled: " + pullSecrets
                        + "}, addresses: {allowedCidrs: [127.0.0.1]}, reports: {retention: 0s}, tls: {subjectAltNames: [127.0.0.1]}}");
    }

    private void grant(Set<GrantedPermission> without) {
        make("apiVersion: v1\nkind: Namespace\nmetadata: {name: %s}".formatted(home));
        make("apiVersion: v1\nkind: Namespace\nmetadata: {name: %s}".formatted(shop));
        make(new ClusterRoleBuilder()
                .withNewMetadata()
                .withName(home)
                .endMetadata()
                .withRules(rules(GrantedPermission.EVERYWHERE, without))
                .build());
        make(new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(home)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", home)
                .addNewSubject("rbac.authorization.k8s.io", "User", user, null)
                .build());
        grantIn(home, rules(GrantedPermission.AT_HOME, without));
        grantIn(GrantedPermission.PUBLIC, rules(GrantedPermission.IN_PUBLIC, without));
    }

    private void grantIn(String namespace, List<PolicyRule> rules) {
        make(new RoleBuilder()
                .withNewMetadata()
                .withName(home)
                .withNamespace(namespace)
                .endMetadata()
                .withRules(rules)
                .build());
        make(new RoleBindingBuilder()
                .withNewMetadata()
                .withName(home)
                .withNamespace(namespace)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", home)
                .addNewSubject("rbac.authorization.k8s.io", "User", user, null)
                .build());
    }

    private List<PolicyRule> rules(String kind, Set<GrantedPermission> without) {
        return GrantedPermission.of(chart, kind)
                .filter(granted -> !without.contains(granted))
                .map(GrantedPermission::rule)
                .toList();
    }

    private void images() {
        SampleImages images = new SampleImages(registry.repository("app"));
        Descriptor amd64 = images.image(Platform.of("linux", "amd64"));
        images.index("amd64", amd64, images.attestation(amd64));
        images.index("both", amd64, images.image(Platform.of("linux", "arm64")));
    }

    /** The CRD and the webhook's configuration; the API server is not to call it, because no Service leads there. */
    private void install() throws IOException {
        ObjectNode configuration = (ObjectNode) chart.configuration();
        configuration
                .putObject("server")
                .put("host", "127.0.0.1")
                .put("port", 0)
                .put("drainDelay", "0s");
        Files.writeString(
                config, JSON.createObjectNode().set("stowage", configuration).toString());
        admin.load(Files.newInputStream(Path.of("k8s", "crd-imagereports.yaml")))
                .serverSideApply();
        ObjectNode hook = chart.one("ValidatingWebhookConfiguration").deepCopy();
        ((ObjectNode) hook.at("/webhooks/0"))
                .putObject("objectSelector")
                .putObject("matchLabels")
                .put("nothing", "has-this");
        make(hook.toString());
    }

    /** A node and a workload that do not fit, what its image is pulled with, and a report of an image that nothing uses. */
    private void needEachRight(Set<GrantedPermission> without) {
        make("""
                apiVersion: v1
                kind: Node
                metadata: {name: %s, labels: {kubernetes.io/arch: arm64, kubernetes.io/os: linux, only: %s}}
                """.formatted(home, home));
        make("""
                apiVersion: v1
                kind: Secret
                metadata: {name: mirror, namespace: %s}
                type: kubernetes.io/dockerconfigjson
                stringData: {.dockerconfigjson: '{"auths": {}}'}
                """.formatted(shop));
        make("""
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: default, namespace: %s}
                imagePullSecrets: [{name: mirror}]
                """.formatted(shop));
        make("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: %s}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      nodeSelector: {only: %s}
                      containers: [{name: main, image: "%s"}]
                """.formatted(shop, home, image("amd64")));
        make("""
                apiVersion: stowage.dev/v1alpha1
                kind: ImageReport
                metadata: {name: unused, namespace: %s, labels: {app.kubernetes.io/managed-by: stowage}}
                spec: {image: "%s"}
                """.formatted(shop, image("both")));
        if (without.stream().anyMatch(granted -> granted.toString().equals("\"update\" on \"secrets\" at home"))) {
            make("""
                    apiVersion: v1
                    kind: Secret
                    metadata: {name: %s-tls, namespace: %s}
                    stringData: {ca.crt: rubbish}
                    """.formatted(RELEASE, home));
        }
    }

    private String image(String tag) {
        return registry.address() + "/app:" + tag;
    }

    private void make(String manifest) {
        admin.load(new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)))
                .items()
                .forEach(this::make);
    }

    private void make(HasMetadata object) {
        made.add(0, admin.resource(object).forceConflicts().serverSideApply());
    }

    /** Starts Stowage with these rights. */
    void start() throws Exception {
        Config own = Config.fromKubeconfig(server.kubeconfig());
        own.setImpersonateUsername(user);
        own.setRequestRetryBackoffLimit(1);
        stowage = new ServeStage(
                new KubernetesClientBuilder().withConfig(own).build(),
                Map.of("STOWAGE_CONFIG", config.toString(), "POD_NAMESPACE", home, "POD_NAME", "stowage-0"));
    }

    boolean isReady() {
        return stowage.isReady();
    }

    /** Whether it denies a pod of an image that the only node for it cannot run. */
    boolean denies() throws Exception {
        String answer = ask("amd64");
        assertThat(answer).contains("\"allowed\":");
        return answer.contains("\"allowed\":false") && answer.contains("linux/arm64");
    }

    /** Whether it admits a pod of an image that the node can run. */
    boolean admits() throws Exception {
        return ask("both").contains("\"allowed\":true");
    }

    /** Asks about an image of a registry on the loopback interface of nodes. */
    void asksForLocalRegistry() throws Exception {
        askImage("[::1]:32000/app");
    }

    private String ask(String tag) throws Exception {
        return askImage(image(tag));
    }

    private String askImage(String image) throws Exception {
        lastAnswer = stowage.ask(
                Reviews.create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: web}
                spec: {nodeSelector: {only: %s}, containers: [{name: main, image: "%s"}]}
                """.formatted(home, image)).namespace(shop).bytes());
        return lastAnswer;
    }

    /** The readiness probe's words, and the log's. */
    List<String> said() {
        return Stream.concat(log.lines().stream(), Stream.of(String.valueOf(stowage.state())))
                .toList();
    }

    private List<ImageReport> reports() {
        return admin.resources(ImageReport.class).inNamespace(shop).list().getItems();
    }

    /** Whether there is a report that says the workload does not fit. */
    boolean reportIsWritten() {
        return reports().stream()
                .anyMatch(report -> report.getStatus() != null
                        && "Incompatible".equals(report.getStatus().verdict()));
    }

    /** Whether the workload has an event that says so. */
    boolean eventIsWritten() {
        return admin.v1().events().inNamespace(shop).list().getItems().stream()
                .anyMatch(event -> "ImageIncompatible".equals(event.getReason()));
    }

    /** Whether the report of the image that nothing uses is gone. */
    boolean unusedReportIsGone() {
        return reports().stream()
                .noneMatch(report -> report.getMetadata().getName().equals("unused"));
    }

    void await(String what, Callable<Boolean> condition) {
        Await.await(what, PATIENCE, () -> "it says: " + String.join("\n", said()) + "\n" + reports(), condition);
    }

    @Override
    public void close() throws Exception {
        if (stowage != null) {
            stowage.close();
        }
        log.close();
        registry.close();
        admin.genericKubernetesResources("stowage.dev/v1alpha1", "ImageReport")
                .inNamespace(shop)
                .delete();
        made.forEach(object -> admin.resource(object).withGracePeriod(0).delete());
        admin.close();
        Files.delete(config);
    }
}
