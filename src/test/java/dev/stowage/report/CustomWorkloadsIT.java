package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportStatus.UsedBy;
import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Objects of a configured kind, Argo's Rollout, as users of images. */
@RequiresApiServer
class CustomWorkloadsIT {

    private static final String ROLLOUTS = "rollouts.argoproj.io";
    private static final String WEB = "registry.example/shop/web:1";
    private static final String API = "registry.example/shop/api:2";

    private ReportWorld world;

    @BeforeEach
    void begin() throws Exception {
        world = new ReportWorld(ApiServer.shared());
        ReportWorld.installCrd(world.client);
        removeRollouts(world.client);
        world.registry.push("1", "linux/arm64");
        world.registry.push("2", "linux/amd64");
    }

    @AfterEach
    void end() throws Exception {
        removeRollouts(world.client);
        world.close();
    }

    /** Other tests have that kind as well. */
    static void removeRollouts(KubernetesClient client) {
        client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(ROLLOUTS)
                .withTimeout(30, TimeUnit.SECONDS)
                .delete();
    }

    @Test
    void aRolloutWithoutPodsCounts() throws Exception {
        installRollouts(world.client);
        world.client.resource(rollout("web", WEB)).create();
        world.operator();

        ImageReport report = world.await(WEB, "Incompatible");
        assertThat(report.getStatus().usedBy()).containsExactly(new UsedBy("Rollout", "web", "app"));
        world.await(
                "an event on it",
                () -> world.client.v1().events().inNamespace(world.namespace).list().getItems().stream()
                        .anyMatch(event -> "Rollout"
                                        .equals(event.getInvolvedObject().getKind())
                                && "argoproj.io/v1alpha1"
                                        .equals(event.getInvolvedObject().getApiVersion())));

        GenericKubernetesResource changed = rollout("web", API);
        world.client.resource(changed).forceConflicts().serverSideApply();
        world.await(API, "Compatible");
        world.await("the old image to be unused", () -> world.report(WEB)
                .filter(now -> now.getStatus().unusedSinceTime() != null)
                .isPresent());

        world.client.resource(changed).delete();
        world.await("the new one too", () -> world.report(API)
                .filter(now -> now.getStatus().unusedSinceTime() != null)
                .isPresent());
    }

    @Test
    void aKindThatIsNotInstalledIsSaidOnceAndFoundLater() throws Exception {
        try (LogTap log = new LogTap(Class.forName("dev.stowage.cluster.watch.CustomWorkloadWatches"))) {
            world.deploy("api", API);
            ReportOperator operator = world.operator();
            world.await(API, "Compatible");
            world.clock.travel(Duration.ofMinutes(2));
            TimeUnit.SECONDS.sleep(2);

            assertThat(log.with("Rollout.argoproj.io is not installed")).hasSize(1);
            assertThat(operator.problem()).isEmpty();
        }
        installRollouts(world.client);
        world.client.resource(rollout("web", WEB)).create();
        world.clock.travel(Duration.ofMinutes(2));
        world.await(WEB, "Incompatible");
    }

    static void installRollouts(KubernetesClient client) {
        client.resource(new CustomResourceDefinitionBuilder()
                        .withNewMetadata()
                        .withName(ROLLOUTS)
                        .endMetadata()
                        .withNewSpec()
                        .withGroup("argoproj.io")
                        .withScope("Namespaced")
                        .withNewNames()
                        .withKind("Rollout")
                        .withPlural("rollouts")
                        .withSingular("rollout")
                        .endNames()
                        .addNewVersion()
                        .withName("v1alpha1")
                        .withServed(true)
                        .withStorage(true)
                        .withNewSchema()
                        .withNewOpenAPIV3Schema()
                        .withType("object")
                        .withXKubernetesPreserveUnknownFields(true)
                        .endOpenAPIV3Schema()
                        .endSchema()
                        .endVersion()
                        .endSpec()
                        .build())
                .create();
        client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(ROLLOUTS)
                .waitUntilCondition(CustomWorkloadsIT::established, 30, TimeUnit.SECONDS);
    }

    private static boolean established(CustomResourceDefinition crd) {
        return crd != null
                && crd.getStatus() != null
                && crd.getStatus().getConditions() != null
                && crd.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                "Established".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    private GenericKubernetesResource rollout(String name, String image) {
        GenericKubernetesResource rollout = new GenericKubernetesResource();
        rollout.setApiVersion("argoproj.io/v1alpha1");
        rollout.setKind("Rollout");
        rollout.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(world.namespace)
                .build());
        Map<String, Object> podSpec = Map.of("containers", List.of(Map.of("name", "app", "image", image)));
        rollout.setAdditionalProperty("spec", Map.of("replicas", 0, "template", Map.of("spec", podSpec)));
        return rollout;
    }
}
