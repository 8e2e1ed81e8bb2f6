package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportStatus.UsedBy;
import dev.stowage.testing.Crds;
import dev.stowage.testing.LogCapture;
import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
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
        Crds.delete(client, ROLLOUTS);
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
    void everyPodTemplateThatIsFoundByItsShapeCounts() throws Exception {
        install(world.client, "jobset.x-k8s.io", "JobSet", "jobset");
        try {
            GenericKubernetesResource set = rollout("train", WEB);
            set.setApiVersion("jobset.x-k8s.io/v1alpha1");
            set.setKind("JobSet");
            set.setAdditionalProperty(
                    "spec", Map.of("replicatedJobs", List.of(job("driver", WEB), Map.of(), job("worker", API))));
            world.client.resource(set).create();
            world.operator();

            assertThat(world.await(WEB, "Incompatible").getStatus().usedBy())
                    .containsExactly(new UsedBy("JobSet", "train", "app"));
            assertThat(world.await(API, "Compatible").getStatus().usedBy())
                    .containsExactly(new UsedBy("JobSet", "train", "app"));
        } finally {
            Crds.delete(world.client, "jobsets.jobset.x-k8s.io");
        }
    }

    private static Map<String, Object> job(String name, String image) {
        Map<String, Object> podSpec = Map.of("containers", List.of(Map.of("name", "app", "image", image)));
        return Map.of("name", name, "template", Map.of("spec", Map.of("template", Map.of("spec", podSpec))));
    }

    @Test
    void aKindThatIsNotInstalledIsSaidOnceAndFoundLater() throws Exception {
        AtomicInteger searches = new AtomicInteger();
        try (LogCapture log = new LogCapture()) {
            world.deploy("api", API);
            ReportOperator operator = world.operator(counting("/apis/argoproj.io", searches), "one");
            world.await(API, "Compatible");
            // when it searches for the third time it is through with the second
            for (int search = 2; search <= 3; search++) {
                int before = searches.get();
                world.clock.travel(Duration.ofMinutes(2));
                world.await("another search", () -> searches.get() > before);
            }

            assertThat(log.with("Rollout.argoproj.io is not installed")).hasSize(1);
            assertThat(operator.problem()).isEmpty();
        }
        installRollouts(world.client);
        world.client.resource(rollout("web", WEB)).create();
        world.clock.travel(Duration.ofMinutes(2));
        world.await(WEB, "Incompatible");
    }

    /** A client that counts its requests to this path. */
    private KubernetesClient counting(String path, AtomicInteger requests) {
        return world.keep(new KubernetesClientBuilder()
                .withConfig(world.client.getConfiguration())
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("counting", new Interceptor() {
                    @Override
                    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                        if (request.uri().getPath().equals(path)) {
                            requests.incrementAndGet();
                        }
                    }
                }))
                .build());
    }

    static void installRollouts(KubernetesClient client) {
        install(client, "argoproj.io", "Rollout", "rollout");
    }

    private static void install(KubernetesClient client, String group, String kind, String singular) {
        String name = singular + "s." + group;
        client.resource(new CustomResourceDefinitionBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withNewSpec()
                        .withGroup(group)
                        .withScope("Namespaced")
                        .withNewNames()
                        .withKind(kind)
                        .withPlural(singular + "s")
                        .withSingular(singular)
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
        Crds.await(client, name);
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
