package dev.stowage.chart;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.kube.MissingPermission;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import java.util.List;
import java.util.stream.Stream;

/**
 * One verb on one resource, as a role of the chart grants it.
 *
 * @param kind where it is granted: by a {@code Role} at home or in kube-public, by a {@code ClusterRole} everywhere
 * @param right what is granted
 * @param names the objects that it is granted on, all when empty
 */
record GrantedPermission(String kind, MissingPermission right, List<String> names) {

    static final String EVERYWHERE = "ClusterRole";
    static final String AT_HOME = "Role";
    static final String IN_PUBLIC = "Role in kube-public";
    static final String PUBLIC = "kube-public";

    /** Every right that roles of this kind grant to Stowage. */
    static Stream<GrantedPermission> of(Chart chart, String kind) {
        boolean inPublic = kind.equals(IN_PUBLIC);
        return chart.all(inPublic ? "Role" : kind).stream()
                .filter(role -> !isForTenants(role))
                .filter(role -> role.at("/metadata/namespace").asText().equals(PUBLIC) == inPublic)
                .flatMap(role -> stream(role.path("rules")))
                .flatMap(rule -> Chart.texts(rule.path("apiGroups")).stream()
                        .flatMap(group -> Chart.texts(rule.path("resources")).stream()
                                .flatMap(resource -> Chart.texts(rule.path("verbs")).stream()
                                        .map(verb -> new GrantedPermission(
                                                kind, new MissingPermission(verb, resource, group), names(rule))))));
    }

    /** Whether it adds to the usual roles "view", "edit" and "admin" instead of being bound to Stowage. */
    static boolean isForTenants(JsonNode role) {
        return role.at("/metadata/labels").has("rbac.authorization.k8s.io/aggregate-to-admin");
    }

    private static List<String> names(JsonNode rule) {
        return rule.has("resourceNames") ? Chart.texts(rule.path("resourceNames")) : List.of();
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return Stream.iterate(0, i -> i < array.size(), i -> i + 1).map(array::get);
    }

    /** As a rule of its own. */
    PolicyRule rule() {
        return new PolicyRuleBuilder()
                .withApiGroups(right.group())
                .withResources(right.resource())
                .withVerbs(right.verb())
                .withResourceNames(names)
                .build();
    }

    @Override
    public String toString() {
        return right + (kind.equals(AT_HOME) ? " at home" : kind.equals(IN_PUBLIC) ? " in " + PUBLIC : "");
    }
}
