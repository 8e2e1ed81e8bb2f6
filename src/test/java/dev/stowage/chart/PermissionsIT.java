package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
    @DisplayName("a certificate that someone else makes needs no permission to secrets")
    void givenCertificate() {
        assertThat(rights("Role", "tls: {source: secret, caBundle: a}"))
                .noneMatch(right -> right.resource().equals("secrets"));
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
                .flatMap(role -> stream(role.path("rules")))
                .flatMap(rule -> Chart.texts(rule.path("verbs")).stream()
                        .flatMap(verb -> Chart.texts(rule.path("resources")).stream()
                                .flatMap(resource ->
                                        names(rule).stream().map(name -> new Right(verb, resource, name)))));
    }

    private static Set<String> names(JsonNode rule) {
        return rule.has("resourceNames") ? new TreeSet<>(Chart.texts(rule.path("resourceNames"))) : Set.of("");
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return Stream.iterate(0, i -> i < array.size(), i -> i + 1).map(array::get);
    }
}
