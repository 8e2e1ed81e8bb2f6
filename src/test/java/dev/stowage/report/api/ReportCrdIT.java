package dev.stowage.report.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.report.ReportOperator;
import dev.stowage.report.ReportWorld;
import dev.stowage.report.write.ApiWriteMonitor;
import dev.stowage.testing.Crds;
import dev.stowage.testing.LogCapture;
import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A CRD that is not this Stowage's: left from before an upgrade, or from the one that was just rolled back. */
@RequiresApiServer
class ReportCrdIT {

    private static final String WEB = "registry.example/shop/web:1";
    private static final String API = "registry.example/shop/api:2";

    private ReportWorld world;

    @BeforeEach
    void begin() throws Exception {
        world = new ReportWorld(ApiServer.shared());
        ReportWorld.installCrd(world.client);
    }

    @AfterEach
    void end() throws Exception {
        world.close();
        try (var client = ApiServer.shared().client()) {
            // what was stored in another version keeps that version in the CRD
            Crds.delete(client, ImageReport.CRD_NAME);
            ReportWorld.installCrd(client);
        }
    }

    @Test
    @DisplayName("an older CRD keeps what it knows; what it drops is named once and not written again and again")
    void anOlderCrd() throws Exception {
        world.registry.push("1", "linux/amd64");
        world.deploy("web", WEB);
        install(crd -> {
            Map<String, JSONSchemaProps> status = status(crd).getProperties();
            status.remove("summary");
            status.get("platforms").getItems().getSchema().getProperties().remove("verdict");
        });
        awaitSchema("summary", false);

        try (LogCapture log = new LogCapture(ApiWriteMonitor.class)) {
            ReportOperator operator = world.operator();
            world.await(WEB, "Compatible");
            world.await("it to name the fields", () -> operator.problem()
                    .orElse("")
                    .contains("has no status.platforms.verdict, status.summary; apply k8s/crd-imagereports.yaml"));
            double before = world.writes("status", "ok");
            for (int i = 0; i < 3; i++) {
                world.touch(WEB);
            }
            world.awaitQuiet();
            assertThat(world.writes("status", "ok")).isEqualTo(before);
            assertThat(log.with("is older than this Stowage")).hasSize(1);

            ReportWorld.installCrd(world.client);
            awaitSchema("summary", true);
            world.clock.travel(Duration.ofHours(2));
            world.touch(WEB);
            world.await("the summary", () -> world.report(WEB)
                    .filter(report -> report.getStatus().summary() != null)
                    .isPresent());
            world.await("no complaint", () -> operator.problem().isEmpty());
        }
    }

    @Test
    @DisplayName("a newer CRD with another stored version: fields that this Stowage does not know survive it")
    void aNewerCrdKeepsItsFields() throws Exception {
        world.registry.push("1", "linux/amd64");
        newer(List.of());
        awaitSchema("future", true);
        GenericKubernetesResource report = raw("check-web", Map.of("image", WEB, "note", "from the next version"));
        world.client.resource(report).create();
        writeFuture(raw("check-web", null));
        world.operator();

        world.await(WEB, "Compatible");

        GenericKubernetesResource now = world.client
                .genericKubernetesResources("stowage.dev/v1beta1", "ImageReport")
                .inNamespace(world.namespace)
                .withName("check-web")
                .get();
        assertThat(now.<String>get("spec", "note")).isEqualTo("from the next version");
        assertThat(now.<String>get("status", "future")).isEqualTo("known then");
        assertThat(now.<String>get("status", "verdict")).isEqualTo("Compatible");
    }

    @Test
    @DisplayName("a newer CRD that asks for what this Stowage does not write: said, without a storm, mended later")
    void aNewerCrdThatAsksForMore() throws Exception {
        world.registry.push("2", "linux/amd64");
        world.deploy("api", API);
        newer(List.of("future"));
        awaitSchema("future", true);
        try (LogCapture log = new LogCapture(ApiWriteMonitor.class)) {
            world.operator();
            world.await("a refusal", () -> world.writes("status", "refused") > 0);
            world.awaitQuiet();

            assertThat(world.writes("status", "refused")).isLessThanOrEqualTo(2);
            // Kubernetes 1.28 names the field without "status."
            assertThat(log.with("future: Required value"))
                    .hasSize(1)
                    .allMatch(line -> line.contains("rejects imagereport " + world.namespace + "/api-2-"));
        }
        newer(List.of());
        world.await("the mended CRD to be served", () -> {
            world.touch(API);
            return world.report(API).filter(now -> now.getStatus() != null).isPresent();
        });
        world.await(API, "Compatible");
    }

    private void newer(List<String> required) throws Exception {
        install(crd -> {
            CustomResourceDefinitionVersion old = crd.getSpec().getVersions().get(0);
            JSONSchemaProps schema = old.getSchema().getOpenAPIV3Schema();
            JSONSchemaProps text =
                    new JSONSchemaPropsBuilder().withType("string").build();
            schema.getProperties().get("spec").getProperties().put("note", text);
            status(crd).getProperties().put("future", text);
            status(crd).setRequired(required);
            old.setStorage(false);
            crd.getSpec()
                    .getVersions()
                    .add(
                            0,
                            new CustomResourceDefinitionVersionBuilder(old)
                                    .withName("v1beta1")
                                    .withStorage(true)
                                    .build());
        });
    }

    private static JSONSchemaProps status(CustomResourceDefinition crd) {
        return crd.getSpec()
                .getVersions()
                .get(0)
                .getSchema()
                .getOpenAPIV3Schema()
                .getProperties()
                .get("status");
    }

    private void install(Consumer<CustomResourceDefinition> change) throws Exception {
        CustomResourceDefinition crd = CrdManifest.installed();
        change.accept(crd);
        world.client.resource(crd).forceConflicts().serverSideApply();
    }

    /** Waits until the API server keeps this field of statuses, or no longer does. */
    private void awaitSchema(String field, boolean known) {
        world.client.resource(raw("probe", Map.of("image", "probe"))).create();
        world.await("the schema to have a field " + field + ": " + known, () -> {
            GenericKubernetesResource probe = raw("probe", null);
            Object value = field.equals("summary") ? Map.of("usedBy", "Pod/probe") : "known then";
            probe.setAdditionalProperty("status", Map.of("verdict", "Unresolved", field, value));
            try {
                world.client.resource(probe).subresource("status").patch(PatchContext.of(PatchType.SERVER_SIDE_APPLY));
                return known;
            } catch (KubernetesClientException e) {
                return !known && e.getMessage().contains("field not declared in schema");
            }
        });
        world.client.resource(raw("probe", null)).delete();
    }

    private void writeFuture(GenericKubernetesResource report) {
        report.setAdditionalProperty("status", new HashMap<>(Map.of("future", "known then")));
        world.client
                .resource(report)
                .subresource("status")
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("the-next-version")
                        .build());
    }

    private GenericKubernetesResource raw(String name, Map<String, Object> spec) {
        GenericKubernetesResource report = new GenericKubernetesResource();
        report.setApiVersion("stowage.dev/v1alpha1");
        report.setKind("ImageReport");
        report.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(world.namespace)
                .build());
        if (spec != null) {
            report.setAdditionalProperty("spec", spec);
        }
        return report;
    }
}
