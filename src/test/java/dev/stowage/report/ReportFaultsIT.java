package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.kube.MissingPermission;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.report.export.ExportFormat;
import dev.stowage.report.export.ExportSettings;
import dev.stowage.testing.OneKubernetesVersion;
import dev.stowage.testing.PolicyReportCrd;
import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens to the reports when the cluster is not as it should be. */
@RequiresApiServer
@OneKubernetesVersion
class ReportFaultsIT {

    private static final String WEB = "registry.example/shop/web:1";
    private static final String API = "registry.example/shop/api:2";

    private ApiServer server;
    private ReportWorld world;
    private String user;

    @BeforeEach
    void begin() throws Exception {
        server = ApiServer.shared();
        world = new ReportWorld(server);
        user = "operator-" + world.namespace;
        ReportWorld.installCrd(world.client);
    }

    @AfterEach
    void end() throws Exception {
        CustomWorkloadsIT.removeRollouts(world.client);
        PolicyReportCrd.remove(world.client, ExportFormat.OPENREPORTS);
        world.client.rbac().clusterRoleBindings().withName(user).delete();
        world.client.rbac().clusterRoles().withName(user).delete();
        world.close();
    }

    @Test
    @DisplayName("the API server crashes and comes back: the operator goes on")
    void theApiServerCrashes() throws Exception {
        world.registry.push("1", "linux/amd64");
        world.registry.push("2", "linux/amd64");
        world.deploy("web", WEB);
        ReportOperator operator = world.operator();
        world.await(WEB, "Compatible");

        // Nothing that the webhook calls waits for the API server.
        server.crash(() -> {
            long began = System.nanoTime();
            operator.denials().answered(Denials.of(world.namespace, "Pod", "web-1", WEB));
            assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(1));
        });
        world.deploy("api", API);

        world.await(API, "Compatible");
        assertThat(world.report(WEB)).isPresent();
    }

    @ParameterizedTest(name = "without the right to {0} {1}")
    @CsvSource({
        "create, imagereports, stowage.dev, false",
        "patch, imagereports/status, stowage.dev, false",
        "list, imagereports, stowage.dev, false",
        "watch, imagereports, stowage.dev, false",
        "list, pods, '', false",
        "get, leases, coordination.k8s.io, false",
        "patch, leases, coordination.k8s.io, false",
        "create, events, '', true",
        "list, rollouts, argoproj.io, true",
        "watch, rollouts, argoproj.io, true",
        "get, reports, openreports.io, true",
        "create, reports, openreports.io, true",
        "patch, reports, openreports.io, true"
    })
    void eachRightThatIsMissingIsNamed(String verb, String resource, String group, boolean goesOn) throws Exception {
        world.registry.push("1", "linux/arm64");
        world.deploy("web", WEB);
        CustomWorkloadsIT.removeRollouts(world.client);
        if (resource.equals("rollouts")) {
            CustomWorkloadsIT.installRollouts(world.client);
        }
        if (group.equals("openreports.io")) {
            PolicyReportCrd.install(world.client, ExportFormat.OPENREPORTS);
            world.export(ExportSettings.of(ExportFormat.OPENREPORTS, PolicyConfig.DEFAULT));
        }
        grant(verb, resource);
        ReportOperator operator = world.operator(as(user), "one");
        String named = "the ServiceAccount lacks the permission " + new MissingPermission(verb, resource, group);

        world.await("it to name the right", () -> operator.problem().orElse("").contains(named));
        if (goesOn) {
            world.await(WEB, "Incompatible");
        }
        grant("", "");
        world.touch(WEB);
        world.await(WEB, "Incompatible");
        assertThat(world.reports()).hasSize(1);
    }

    @Test
    @DisplayName("events that are refused are dropped")
    void eventsThatAreRefusedAreDropped() throws Exception {
        world.registry.push("1", "linux/arm64");
        world.deploy("web", WEB);
        grant("create", "events");
        world.operator(as(user), "one");

        world.await(WEB, "Incompatible");
        world.await("the refusal", () -> world.writes("event", "forbidden") == 1);
        assertThat(world.writes("event", "ok")).isZero();
    }

    @Test
    @DisplayName("two leaders for a moment do not fight and make nothing twice")
    void twoLeadersDoNotFight() throws Exception {
        world.registry.push("1", "linux/amd64");
        world.deploy("web", WEB);
        ReportOperator one = world.operator(world.client, "one");
        ReportOperator two = world.operatorWithItsOwnLease("two");
        world.await("both to lead", () -> one.leading() && two.leading());
        world.await(WEB, "Compatible");
        world.awaitQuiet();

        // each of them could undo what the other wrote
        double before = world.writes("status", "ok");
        world.touch(WEB);
        String version = world.report(WEB).orElseThrow().getMetadata().getResourceVersion();
        world.awaitQuiet();

        assertThat(world.writes("status", "ok")).isEqualTo(before);
        assertThat(world.reports()).hasSize(1);
        assertThat(world.report(WEB).orElseThrow().getMetadata().getResourceVersion())
                .isEqualTo(version);
    }

    /** All rights but one. */
    private void grant(String withoutVerb, String withoutResource) {
        List<PolicyRule> rules = new ArrayList<>();
        rule(
                rules,
                "stowage.dev",
                "imagereports",
                withoutVerb,
                withoutResource,
                "get",
                "list",
                "watch",
                "create",
                "patch",
                "delete");
        rule(rules, "stowage.dev", "imagereports/status", withoutVerb, withoutResource, "get", "patch");
        rule(rules, "", "pods", withoutVerb, withoutResource, "get", "list", "watch");
        rule(rules, "", "replicationcontrollers", withoutVerb, withoutResource, "get", "list", "watch");
        for (String kind : List.of("deployments", "replicasets", "statefulsets", "daemonsets")) {
            rule(rules, "apps", kind, withoutVerb, withoutResource, "get", "list", "watch");
        }
        rule(rules, "batch", "jobs", withoutVerb, withoutResource, "get", "list", "watch");
        rule(rules, "batch", "cronjobs", withoutVerb, withoutResource, "get", "list", "watch");
        rule(rules, "argoproj.io", "rollouts", withoutVerb, withoutResource, "list", "watch");
        rule(rules, "openreports.io", "reports", withoutVerb, withoutResource, "get", "create", "patch");
        rule(rules, "", "events", withoutVerb, withoutResource, "create");
        rule(rules, "coordination.k8s.io", "leases", withoutVerb, withoutResource, "get", "create", "update", "patch");
        rule(rules, "apiextensions.k8s.io", "customresourcedefinitions", withoutVerb, withoutResource, "get");
        world.client
                .resource(new ClusterRoleBuilder()
                        .withNewMetadata()
                        .withName(user)
                        .endMetadata()
                        .withRules(rules)
                        .build())
                .forceConflicts()
                .serverSideApply();
        world.client
                .resource(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(user)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", user)
                        .addNewSubject("rbac.authorization.k8s.io", "User", user, null)
                        .build())
                .serverSideApply();
    }

    private static void rule(
            List<PolicyRule> rules,
            String group,
            String resource,
            String withoutVerb,
            String without,
            String... verbs) {
        List<String> left = new ArrayList<>(List.of(verbs));
        if (resource.equals(without)) {
            left.remove(withoutVerb);
        }
        if (!left.isEmpty()) {
            rules.add(new PolicyRuleBuilder()
                    .withApiGroups(group)
                    .withResources(resource)
                    .withVerbs(left)
                    .build());
        }
    }

    private KubernetesClient as(String name) {
        Config config = Config.fromKubeconfig(server.kubeconfig());
        config.setImpersonateUsername(name);
        config.setImpersonateGroups("system:authenticated");
        return world.keep(new KubernetesClientBuilder().withConfig(config).build());
    }
}
