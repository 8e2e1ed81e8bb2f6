package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.apiserver.ApiServer;
import dev.stowage.apiserver.ControlPlane;
import dev.stowage.testing.Await;
import dev.stowage.testing.OneKubernetesVersion;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.RequiresProgram;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the chart's roles allow tenants and Stowage, as a real API server decides it. */
@RequiresApiServer
class TenantPermissionsIT {

    private static final String RELEASE = "stowage-tenants";
    private static final String STOWAGE = "system:serviceaccount:" + Chart.NAMESPACE + ":" + RELEASE;
    private static final Set<String> KINDS = Set.of("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding");

    private final ApiServer server = ApiServer.shared();
    private final List<HasMetadata> made = new ArrayList<>();
    private KubernetesClient client;

    @BeforeEach
    void connect() {
        client = server.client();
        for (String namespace : List.of(Chart.NAMESPACE, "tenant-a", "tenant-b", "tenant-infra")) {
            client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(namespace)
                            .endMetadata()
                            .build())
                    .serverSideApply();
        }
    }

    @AfterEach
    void clean() {
        made.forEach(object -> client.resource(object).delete());
        client.close();
    }

    @Test
    @RequiresProgram("kube-controller-manager")
    @OneKubernetesVersion
    @DisplayName("view reads ImageReports, edit and admin create and delete them, and nobody writes their status")
    void tenants() throws Exception {
        install("");
        try (ControlPlane controllers = ControlPlane.start(
                server, "kube-controller-manager", "--controllers=clusterrole-aggregation-controller")) {
            for (String role : List.of("view", "edit", "admin")) {
                bind(role);
                Await.await(
                        "roles to be aggregated",
                        Duration.ofSeconds(60),
                        controllers::lastWords,
                        () -> may(role, "get", "stowage.dev", "imagereports", "", "tenant-a", ""));
                for (String verb : List.of("get", "list", "watch")) {
                    assertThat(may(role, verb, "stowage.dev", "imagereports", "", "tenant-a", ""))
                            .isTrue();
                }
                for (String verb : List.of("create", "delete")) {
                    assertThat(may(role, verb, "stowage.dev", "imagereports", "", "tenant-a", ""))
                            .as(role + " " + verb)
                            .isEqualTo(!role.equals("view"));
                }
                for (String verb : List.of("update", "patch")) {
                    assertThat(may(role, verb, "stowage.dev", "imagereports", "status", "tenant-a", ""))
                            .as(role + " " + verb + " status")
                            .isFalse();
                }
                assertThat(may(role, "get", "stowage.dev", "imagereports", "", "tenant-b", ""))
                        .as("elsewhere")
                        .isFalse();
            }
        }
    }

    @Test
    @DisplayName("by default Stowage may get every Secret by its name, and list none")
    void allSecrets() {
        install("");

        assertThat(stowageMay("get", "tenant-a", "any")).isTrue();
        assertThat(stowageMay("list", "tenant-a", "")).isFalse();
        assertThat(stowageMay("update", "tenant-a", "any")).isFalse();
    }

    @Test
    @DisplayName("limited to namespaces it may get Secrets in those, and the global pull secret by its name")
    void someSecrets() {
        install("{rbac: {pullSecrets: {namespaces: [tenant-a]}}, config: {pullSecrets: {global: tenant-infra/pull}}}");

        assertThat(stowageMay("get", "tenant-a", "any")).isTrue();
        assertThat(stowageMay("get", "tenant-b", "any")).isFalse();
        assertThat(stowageMay("get", "tenant-infra", "pull")).isTrue();
        assertThat(stowageMay("get", "tenant-infra", "other")).isFalse();
    }

    @Test
    @DisplayName("switched off it may get the global pull secret by its name, and no other Secret of a tenant")
    void onlyTheGlobalSecret() {
        install("config: {pullSecrets: {enabled: false, global: tenant-infra/pull}}");

        assertThat(stowageMay("get", "tenant-infra", "pull")).isTrue();
        assertThat(stowageMay("get", "tenant-infra", "other")).isFalse();
        assertThat(stowageMay("get", "tenant-a", "any")).isFalse();
        assertThat(stowageMay("get", Chart.NAMESPACE, RELEASE + "-tls")).isTrue();
    }

    private void install(String values) {
        for (JsonNode object : Chart.release(RELEASE, values).objects()) {
            if (KINDS.contains(object.path("kind").asText())) {
                client.load(new ByteArrayInputStream(object.toString().getBytes(StandardCharsets.UTF_8)))
                        .items()
                        .forEach(this::make);
            }
        }
    }

    private void bind(String role) {
        make(new RoleBindingBuilder()
                .withNewMetadata()
                .withName("tenant-" + role)
                .withNamespace("tenant-a")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                .addNewSubject("rbac.authorization.k8s.io", "User", role, null)
                .build());
    }

    private void make(HasMetadata object) {
        made.add(client.resource(object).forceConflicts().serverSideApply());
    }

    private boolean stowageMay(String verb, String namespace, String name) {
        return may(STOWAGE, verb, "", "secrets", "", namespace, name);
    }

    private boolean may(
            String user,
            String verb,
            String group,
            String resource,
            String subresource,
            String namespace,
            String name) {
        return client.authorization()
                .v1()
                .subjectAccessReview()
                .create(new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser(user)
                        .withNewResourceAttributes()
                        .withVerb(verb)
                        .withGroup(group)
                        .withResource(resource)
                        .withSubresource(subresource)
                        .withNamespace(namespace)
                        .withName(name)
                        .endResourceAttributes()
                        .endSpec()
                        .build())
                .getStatus()
                .getAllowed();
    }
}
