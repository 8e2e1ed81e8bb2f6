package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.testing.RequiresProgram;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Stowage's rights: as few as they can be. Whether they suffice, and none is unused, the end-to-end test tells. */
class PermissionsIT {

    private static final Set<String> READING = Set.of("get", "list", "watch");

    @Test
    @DisplayName("it writes reports and events everywhere, its webhook configuration by name, and nothing else")
    void writes() {
        assertThat(rights("ClusterRole", "").filter(right -> !READING.contains(right.verb())))
                .extracting(Right::toString)
                .containsExactlyInAnyOrder(
                        "create imagereports",
                        "delete imagereports",
                        "patch imagereports/status",
                        "create events",
                        "patch validatingwebhookconfigurations stowage");
    }

    @Test
    @DisplayName("reports are exported with three verbs on one kind, and only where that is on")
    void export() {
        String before = rights("ClusterRole", "").map(Right::toString).toList().toString();

        assertThat(rights("ClusterRole", "config: {reports: {export: openreports}}")
                        .map(Right::toString)
                        .filter(right -> !before.contains(right)))
                .containsExactlyInAnyOrder("get reports", "create reports", "patch reports");
        assertThat(rights("ClusterRole", "config: {reports: {export: policyreport}}")
                        .map(Right::toString)
                        .filter(right -> !before.contains(right)))
                .containsExactlyInAnyOrder("get policyreports", "create policyreports", "patch policyreports");
        assertThat(rights("ClusterRole", "config: {reports: {export: none}}")
                        .map(Right::toString)
                        .toList())
                .hasToString(before);
    }

    @Test
    @DisplayName("the configuration of the mutating webhook is written where pods are steered, and there by name")
    void steering() {
        assertThat(rights("ClusterRole", "config: {steering: {mode: labeled}}").map(Right::toString))
                .contains(
                        "patch mutatingwebhookconfigurations stowage",
                        "get mutatingwebhookconfigurations stowage",
                        "list mutatingwebhookconfigurations stowage",
                        "watch mutatingwebhookconfigurations stowage");
        assertThat(rights("ClusterRole", "config: {steering: {mode: 'off'}}"))
                .noneMatch(right -> right.resource().startsWith("mutating"));
    }

    @Test
    @DisplayName("at home it writes its lease and its own secret by name; only creating has no name to be limited to")
    void writesAtHome() {
        assertThat(rights("Role", "").filter(right -> !READING.contains(right.verb())))
                .extracting(Right::toString)
                .allMatch(right -> right.startsWith("create ")
                        || right.endsWith(" stowage-reports")
                        || right.endsWith(" stowage-tls"));
    }

    @Test
    @DisplayName("no rule has a wildcard")
    void noWildcards() {
        assertThat(Stream.concat(rights("ClusterRole", ""), rights("Role", "")))
                .noneMatch(right -> right.toString().contains("*"));
    }

    @Test
    @DisplayName("pull secrets are read by name only, and not at all when that is switched off")
    void pullSecrets() {
        assertThat(readsOfSecrets("")).containsExactly("get secrets");
        assertThat(readsOfSecrets("config: {pullSecrets: {enabled: true}}")).containsExactly("get secrets");
        assertThat(readsOfSecrets("config: {pullSecrets: {enabled: false}}")).isEmpty();
        assertThat(rights("ClusterRole", "config: {pullSecrets: {enabled: false}}"))
                .noneMatch(right -> right.resource().equals("serviceaccounts"));
    }

    @Test
    @DisplayName("custom kinds that the webhook is asked about are listed and watched, by name only")
    void customKinds() {
        String rollouts = "config: {customKinds: [{group: argoproj.io, kind: Rollout}]}\n"
                + "webhook: {extraRules: [{apiGroups: [argoproj.io], apiVersions: [v1alpha1], operations: [CREATE],"
                + " resources: [rollouts, rollouts/scale]}, {apiGroups: ['*'], apiVersions: ['*'],"
                + " operations: [CREATE], resources: ['*']}]}";

        assertThat(rights("ClusterRole", rollouts).map(Right::toString))
                .contains("list rollouts", "watch rollouts")
                .noneMatch(right -> right.contains("*") || right.contains("/scale"));
        assertThat(rights("ClusterRole", ""))
                .noneMatch(right -> right.resource().equals("rollouts"));
    }

    @Test
    @DisplayName(
            "a certificate that someone else makes needs permission to one Secret, with the key of the path, or to none")
    void givenCertificate() {
        assertThat(rights("Role", "tls: {source: secret, caBundle: a}")
                        .filter(right -> right.resource().equals("secrets"))
                        .map(Right::toString))
                .containsExactlyInAnyOrder(
                        "get secrets stowage-path",
                        "list secrets stowage-path",
                        "watch secrets stowage-path",
                        "update secrets stowage-path",
                        "create secrets");
        String fixed = "{tls: {source: secret, caBundle: a}, config: {tls: {secretPath: false}}}";
        assertThat(rights("Role", fixed)).noneMatch(right -> right.resource().equals("secrets"));
        assertThat(rights("ClusterRole", fixed))
                .noneMatch(right -> right.resource().equals("validatingwebhookconfigurations"));
    }

    @Test
    @RequiresProgram("helm")
    @DisplayName("Karpenter's NodePools may be read where Karpenter is installed, unless that is off")
    void karpenter() throws Exception {
        List<String> installed = List.of("karpenter.sh/v1", "karpenter.sh/v1/NodePool");

        assertThat(readsOfNodePools(Chart.beside(installed, ""))).containsExactly("list nodepools", "watch nodepools");
        assertThat(readsOfNodePools(Chart.beside(installed, "config: {karpenter: 'off'}")))
                .isEmpty();
        assertThat(readsOfNodePools(Chart.with(""))).isEmpty();
    }

    private static List<String> readsOfNodePools(Chart chart) {
        return chart.all("ClusterRole").stream()
                .flatMap(PermissionsIT::rights)
                .filter(right -> right.resource().equals("nodepools"))
                .map(Right::toString)
                .toList();
    }

    @Test
    @DisplayName("pull secrets of some namespaces only: a Role in each, and no permission to Secrets of others")
    void pullSecretsOfSomeNamespaces() {
        String values = "{rbac: {pullSecrets: {namespaces: [a, b]}}, config: {pullSecrets: {global: infra/pull}}}";
        Chart chart = Chart.with(values);

        assertThat(readsOfSecrets(values)).isEmpty();
        for (String namespace : List.of("a", "b")) {
            assertThat(grantedIn(chart, namespace)).containsExactly("get secrets", "get serviceaccounts");
        }
        assertThat(grantedIn(chart, "infra")).containsExactly("get secrets pull");
    }

    @Test
    @DisplayName("the global pull secret may be read by its name where pull secrets of pods are not")
    void globalPullSecret() {
        Chart chart = Chart.with("config: {pullSecrets: {enabled: false, global: infra/pull}}");

        assertThat(grantedIn(chart, "infra")).containsExactly("get secrets pull");
        assertThat(grantedIn(Chart.with("config: {pullSecrets: {global: infra/pull}}"), "infra"))
                .as("every Secret may be read")
                .isEmpty();
    }

    @Test
    @DisplayName("of kube-public one ConfigMap may be read, by its name")
    void localRegistry() {
        assertThat(grantedIn(Chart.with(""), "kube-public")).containsExactly("get configmaps local-registry-hosting");
    }

    /** What the Roles of this namespace grant that are bound to Stowage. */
    private static List<String> grantedIn(Chart chart, String namespace) {
        Set<String> bound = chart.all("RoleBinding").stream()
                .filter(binding -> binding.at("/metadata/namespace").asText().equals(namespace))
                .filter(binding -> binding.at("/subjects/0/name").asText().equals("stowage")
                        && binding.at("/subjects/0/namespace").asText().equals(Chart.NAMESPACE))
                .map(binding -> binding.at("/roleRef/name").asText())
                .collect(Collectors.toSet());
        return chart.all("Role").stream()
                .filter(role -> role.at("/metadata/namespace").asText().equals(namespace)
                        && bound.contains(role.at("/metadata/name").asText()))
                .flatMap(PermissionsIT::rights)
                .map(Right::toString)
                .toList();
    }

    private static List<String> readsOfSecrets(String values) {
        return rights("ClusterRole", values)
                .filter(right -> right.resource().equals("secrets"))
                .map(Right::toString)
                .toList();
    }

    private record Right(String verb, String resource, String name) {
        @Override
        public String toString() {
            return verb + " " + resource + (name.isEmpty() ? "" : " " + name);
        }
    }

    private static Stream<Right> rights(String kind, String values) {
        return Chart.with(values).all(kind).stream()
                .filter(role -> !GrantedPermission.isForTenants(role))
                .flatMap(PermissionsIT::rights);
    }

    private static Stream<Right> rights(JsonNode role) {
        return stream(role.path("rules")).flatMap(rule -> Chart.texts(rule.path("verbs")).stream()
                .flatMap(verb -> Chart.texts(rule.path("resources")).stream()
                        .flatMap(resource -> names(rule).stream().map(name -> new Right(verb, resource, name)))));
    }

    private static Set<String> names(JsonNode rule) {
        return rule.has("resourceNames") ? new TreeSet<>(Chart.texts(rule.path("resourceNames"))) : Set.of("");
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return Stream.iterate(0, i -> i < array.size(), i -> i + 1).map(array::get);
    }
}
