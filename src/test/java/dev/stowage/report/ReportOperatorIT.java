package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.image.Digest;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportSpec;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ImageReportStatus.StatusCondition;
import dev.stowage.report.status.ReconcileInput;
import dev.stowage.report.status.StatusFactory;
import dev.stowage.report.usage.ImageKey;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.testing.Crds;
import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The operator against a real API server. */
@RequiresApiServer
class ReportOperatorIT {

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
    }

    @Test
    void anImageInUseHasAReport() throws Exception {
        Digest digest = world.registry.push("1", "linux/amd64", "linux/arm64");
        world.deploy("web", WEB);
        world.operator();

        ImageReport report = world.await(WEB, "Compatible");

        ImageReportStatus status = report.getStatus();
        assertThat(report.getMetadata().getName())
                .isEqualTo(ImageKey.of("", WEB, "docker.io").reportName());
        assertThat(report.managed()).isTrue();
        assertThat(status.digest()).isEqualTo(digest.toString());
        assertThat(status.summary().platforms()).isEqualTo("linux/amd64, linux/arm64");
        assertThat(status.attestationsTotal()).isEqualTo(2);
        assertThat(status.usedBy()).containsExactly(new ImageReportStatus.UsedBy("Deployment", "web", "app"));
        assertThat(status.observedGeneration()).isEqualTo(report.getMetadata().getGeneration());
    }

    @Test
    void whatIsInUseIsFollowedAndNothingIsWrittenWhileNothingChanges() throws Exception {
        world.registry.push("1", "linux/amd64");
        world.registry.push("2", "linux/amd64");
        world.deploy("web", WEB);
        world.operator();
        world.await(WEB, "Compatible");

        world.deploy("web", API);
        world.await(API, "Compatible");
        world.await("the old image to be unused", () -> world.report(WEB)
                .filter(report -> report.getStatus().unusedSinceTime() != null)
                .isPresent());

        world.awaitQuiet();
        double before = world.writes("status", "ok") + world.writes("create", "ok");
        // as every periodic task would, this makes the operator look at them again
        world.touch(WEB);
        world.touch(API);
        List<String> versions = versions();
        world.awaitQuiet();
        assertThat(world.writes("status", "ok") + world.writes("create", "ok")).isEqualTo(before);
        assertThat(versions()).isEqualTo(versions);
    }

    private List<String> versions() {
        return world.reports().stream()
                .map(report -> report.getMetadata().getResourceVersion())
                .toList();
    }

    @Test
    void aTagThatMovedIsFoundByTheNextLook() throws Exception {
        Digest old = world.registry.push("1", "linux/amd64", "linux/arm64");
        world.nodes("linux/amd64", "linux/arm64");
        world.deploy("web", WEB);
        world.operator();
        world.await(WEB, "Compatible");

        Digest now = world.registry.push("1", "linux/amd64");
        world.clock.travel(Duration.ofHours(2));
        world.touch(WEB);

        ImageReportStatus status = world.await(WEB, "Incompatible").getStatus();
        assertThat(status.digest()).isEqualTo(now.toString());
        assertThat(status.previousDigest()).isEqualTo(old.toString());
        assertThat(status.missingPlatforms()).containsExactly("linux/arm64");
        world.await("an event on the workload", () -> !events("web").isEmpty());
        assertThat(events("web").get(0).getMessage()).contains(WEB, "linux/arm64", "contains linux/amd64 only");
    }

    private List<Event> events(String workload) {
        return world.client.v1().events().inNamespace(world.namespace).list().getItems().stream()
                .filter(event -> workload.equals(event.getInvolvedObject().getName()))
                .toList();
    }

    @Test
    void aNodeOfANewPlatformNeedsNoTag() throws Exception {
        world.registry.push("1", "linux/amd64");
        world.deploy("web", WEB);
        world.operator();
        world.await(WEB, "Compatible");
        long tags = asked("1");

        world.nodes("linux/amd64", "linux/arm64");

        ImageReportStatus status = world.await(WEB, "Incompatible").getStatus();
        assertThat(status.missingPlatforms()).containsExactly("linux/arm64");
        assertThat(asked("1")).isEqualTo(tags);
    }

    private long asked(String target) {
        return world.registry.asked().stream().filter(target::equals).count();
    }

    @Test
    @DisplayName("an image that does not exist is NotFound, lacks no platform, and is checked again")
    void anImageThatDoesNotExistIsNotFound() throws Exception {
        world.deploy("web", WEB);
        world.operator();

        ImageReportStatus status = world.await(WEB, "NotFound").getStatus();
        assertThat(status.reason()).isEqualTo("NotFound");
        assertThat(status.missingPlatforms()).isEmpty();

        world.registry.push("1", "linux/amd64");
        world.clock.travel(Duration.ofMinutes(10));
        world.touch(WEB);
        world.await(WEB, "Compatible");
        assertThat(events("web")).isEmpty();
    }

    @Test
    void aRegistryThatIsDownKeepsWhatWasFoundAndSaysSinceWhen() throws Exception {
        world.registry.push("1", "linux/amd64");
        world.deploy("web", WEB);
        world.operator();
        world.await(WEB, "Compatible");

        world.registry.fail("1", RegistryFailure.Kind.UNAVAILABLE);
        world.clock.travel(Duration.ofHours(2));
        world.touch(WEB);

        world.await("the report to say that the registry is down", () -> world.report(WEB)
                .flatMap(report -> StatusFactory.find(report.getStatus(), "Resolved"))
                .filter(resolved -> resolved.status().equals("False"))
                .isPresent());
        ImageReportStatus status = world.report(WEB).orElseThrow().getStatus();
        StatusCondition resolved = StatusFactory.find(status, "Resolved").orElseThrow();
        assertThat(status.verdict()).isEqualTo("Compatible");
        assertThat(resolved.reason()).isEqualTo("Unavailable");
        assertThat(resolved.message())
                .contains("the registry is down", "this is the result of " + status.resolvedTime());
    }

    @Test
    void aReportThatNothingUsesGoesAfterItsTimeAndAPersonsStays() throws Exception {
        world.registry.push("1", "linux/amd64");
        world.registry.push("2", "linux/amd64");
        mine("mine", ImageReportSpec.of(API));
        world.deploy("web", WEB);
        world.operator();
        world.await(WEB, "Compatible");
        world.await(API, "Compatible");
        world.client.apps().deployments().inNamespace(world.namespace).delete();
        world.await("the image to be unused", () -> world.report(WEB)
                .filter(report -> report.getStatus().unusedSinceTime() != null)
                .isPresent());

        world.clock.travel(Duration.ofHours(23));
        world.touch(WEB);
        world.await("a look at it", () -> asked("1") > 1);
        assertThat(world.report(WEB)).isPresent();

        world.clock.travel(Duration.ofHours(2));
        world.touch(WEB);
        world.await("the report to go", () -> world.report(WEB).isEmpty());
        assertThat(world.report(API)).isPresent();
    }

    private ImageReport mine(String name, ImageReportSpec spec) {
        ImageReport report = new ImageReport();
        report.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(world.namespace)
                .build());
        report.setSpec(spec);
        return world.client.resource(report).create();
    }

    @Test
    void aPersonMayAskAboutAnyImageForAnyPlatform() throws Exception {
        world.registry.push("1", "linux/amd64");
        mine("check-web", new ImageReportSpec(WEB, List.of("linux/s390x")));
        world.operator();

        ImageReportStatus status = world.await(WEB, "Incompatible").getStatus();

        assertThat(status.missingPlatforms()).containsExactly("linux/s390x");
        assertThatThrownBy(() -> world.client
                        .resource(world.report(WEB).orElseThrow())
                        .edit(edited -> {
                            edited.setSpec(ImageReportSpec.of(API));
                            return edited;
                        }))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("image cannot be changed; create another ImageReport instead");
        assertThatThrownBy(() -> mine("bad", new ImageReportSpec(WEB, List.of("arm64"))))
                .hasMessageContaining(
                        "platforms must have the form os/architecture[/variant], for example linux/arm64");
        assertThatThrownBy(() -> mine("empty", ImageReportSpec.of(""))).hasMessageContaining("spec.image");
    }

    @Test
    @DisplayName("while the list of nodes comes in, no image is judged by the nodes that were heard of first")
    void imagesAreJudgedByAllNodes() throws Exception {
        world.registry.push("1", "linux/amd64");
        world.nodesKnown(false);
        world.deploy("web", WEB);
        ReportOperator operator = world.operator();
        world.await(
                "it to lead, and the report",
                () -> operator.leading() && world.report(WEB).isPresent());
        int before = world.nodeQuestions();
        world.await("it to look at the report again", () -> world.nodeQuestions() >= before + 2);
        assertThat(world.registry.asked()).isEmpty();

        world.nodes("linux/amd64", "linux/arm64");
        world.nodesKnown(true);

        world.await(WEB, "Incompatible");
        assertThat(world.writes("status", "ok")).isEqualTo(1);
    }

    @Test
    @DisplayName("reports that people edit or delete are mended")
    void reportsThatPeopleEditOrDeleteAreMended() throws Exception {
        world.registry.push("1", "linux/amd64");
        world.registry.push("2", "linux/amd64");
        world.deploy("web", WEB);
        world.deploy("api", API);
        world.operator();
        ImageReport report = world.await(WEB, "Compatible");
        world.await(API, "Compatible");

        world.client.resource(report).subresource("status").edit(edited -> {
            edited.setStatus(StatusFactory.withoutDenial(new StatusFactory()
                    .next(
                            new ReconcileInput(
                                    7L, Optional.empty(), ImageUsage.NONE, Set.of(), false, Optional.empty()),
                            world.clock.instant())));
            return edited;
        });
        world.await(WEB, "Compatible");

        world.awaitQuiet();
        String uid = report.getMetadata().getUid();
        String other = version(API);
        world.client.resource(report).delete();
        world.await("another report", () -> world.report(WEB)
                .filter(again -> !again.getMetadata().getUid().equals(uid))
                .isPresent());
        world.await(WEB, "Compatible");
        assertThat(version(API)).as("what the sweep leaves alone").isEqualTo(other);
    }

    private String version(String image) {
        return world.report(image).orElseThrow().getMetadata().getResourceVersion();
    }

    @Test
    @DisplayName("without the CRD it says what to install, and begins when it is there")
    void withoutTheCrdItSaysSoAndBeginsWhenItIsThere() throws Exception {
        Crds.delete(world.client, ImageReport.CRD_NAME);
        world.registry.push("1", "linux/amd64");
        world.deploy("web", WEB);
        ReportOperator operator = world.operator();

        world.await(
                "it to say that the CRD is missing",
                () -> operator.problem().orElse("").contains("k8s/crd-imagereports.yaml"));
        operator.denials().answered(Denials.of(world.namespace, "Pod", "web-1", WEB));

        ReportWorld.installCrd(world.client);
        world.await(WEB, "Compatible");
        assertThat(operator.problem()).isEmpty();
    }

    @Test
    @DisplayName("a namespace that is being deleted is written to once, and nobody complains")
    void aNamespaceThatIsBeingDeletedMakesNoStorm() throws Exception {
        world.registry.push("1", "linux/amd64");
        world.registry.push("2", "linux/amd64");
        world.deploy("web", WEB);
        ReportOperator operator = world.operator();
        world.await(WEB, "Compatible");

        world.client.namespaces().withName(world.namespace).delete();
        world.client
                .apps()
                .deployments()
                .inNamespace(world.namespace)
                .withName("web")
                .edit(edited -> {
                    edited.getSpec()
                            .getTemplate()
                            .getSpec()
                            .getContainers()
                            .get(0)
                            .setImage(API);
                    return edited;
                });
        world.await("a refused report", () -> world.writes("create", "gone") > 0);

        assertThat(operator.problem()).isEmpty();
        assertThat(world.writes("create", "failed") + world.writes("create", "forbidden"))
                .isZero();
        assertThat(world.report(API)).isEmpty();
    }

    @Test
    @DisplayName("when the leader goes the other goes on; nothing is lost or made twice")
    void whenTheLeaderGoesTheOtherGoesOn() throws Exception {
        world.registry.push("1", "linux/amd64");
        world.registry.push("2", "linux/amd64");
        world.deploy("web", WEB);
        ReportOperator one = world.operator(world.client, "one");
        world.await("a leader", one::leading);
        ReportOperator two = world.operator(world.client, "two");
        ImageReport report = world.await(WEB, "Compatible");
        assertThat(two.leading()).isFalse();
        long looks = asked("1");

        one.close();
        world.deploy("api", API);
        world.await("the other to lead", two::leading);

        world.await(API, "Compatible");
        assertThat(world.reports()).hasSize(2);
        assertThat(world.report(WEB).orElseThrow().getMetadata().getResourceVersion())
                .isEqualTo(report.getMetadata().getResourceVersion());
        assertThat(asked("1")).isEqualTo(looks);
    }

    @Test
    void denialsOfAnyReplicaAreNotedAndCounted() throws Exception {
        world.registry.push("1", "linux/arm64");
        ReportOperator one = world.operator(world.client, "one");
        world.await("a leader", one::leading);
        ReportOperator two = world.operator(world.client, "two");

        two.denials().answered(Denials.of(world.namespace, "Pod", "web-1", WEB));
        two.denials().answered(Denials.of(world.namespace, "Pod", "web-2", WEB));
        one.denials().answered(Denials.of(world.namespace, "Deployment", "web", WEB));

        ImageReport report = world.await(WEB, "Incompatible");
        world.await("both to be counted", () -> world.report(WEB)
                .filter(noted -> noted.getStatus().lastDenial().count() == 3)
                .isPresent());
        assertThat(report.managed()).isTrue();
        assertThat(report.getStatus().unusedSinceTime()).isNotNull();
        assertThat(world.report(WEB).orElseThrow().getStatus().lastDenial().message())
                .isEqualTo(Denials.WHY);
    }
}
