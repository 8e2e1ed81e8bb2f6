package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.AdmissionEvent;
import dev.stowage.apiserver.ApiServer;
import dev.stowage.assessment.ImageFinding;
import dev.stowage.assessment.WorkloadAssessment;
import dev.stowage.node.EligibleNodes;
import dev.stowage.platform.NodeProfile;
import dev.stowage.policy.Mode;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.policy.PolicyDecision;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportStatus.UsedBy;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.Reviews;
import dev.stowage.verdict.ImageAssessment;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import dev.stowage.workload.Workload;
import dev.stowage.workload.WorkloadReader;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bare pods of owners that Stowage does not check, such as a TaskRun: an Event on the owner and the report say where they do not run. */
@RequiresApiServer
class OwnerEventsIT {

    private static final String WEB = "registry.example/shop/web:1";

    private ReportWorld world;

    @BeforeEach
    void begin() throws Exception {
        world = new ReportWorld(ApiServer.shared());
        ReportWorld.installCrd(world.client);
        world.registry.push("1", "linux/amd64");
        world.nodes("linux/amd64", "linux/arm64");
    }

    @AfterEach
    void end() throws Exception {
        world.client.pods().inNamespace(world.namespace).withGracePeriod(0).delete();
        world.close();
    }

    @Test
    void theOwnerGetsOneEvent() throws Exception {
        ReportOperator operator = world.operator();

        operator.ownerEvents().answered(event(AdmissionEvent.Decision.DENIED, false));
        operator.ownerEvents().answered(event(AdmissionEvent.Decision.ALLOWED, true));
        operator.ownerEvents().answered(event(AdmissionEvent.Decision.ALLOWED, false));
        operator.ownerEvents().answered(event(AdmissionEvent.Decision.ALLOWED, false));

        world.await("an event", () -> !events().isEmpty());
        world.awaitQuiet();
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.getInvolvedObject().getApiVersion()).isEqualTo("tekton.dev/v1");
            assertThat(event.getInvolvedObject().getKind()).isEqualTo("TaskRun");
            assertThat(event.getInvolvedObject().getName()).isEqualTo("build");
            assertThat(event.getInvolvedObject().getUid()).isEqualTo("u-1");
            assertThat(event.getType()).isEqualTo("Warning");
            assertThat(event.getMessage())
                    .isEqualTo("pod build-pod was admitted, but its image " + WEB
                            + " does not run on all nodes where it may be scheduled: it fails on linux/arm64:"
                            + " contains linux/amd64 only");
        });
    }

    @Test
    void theReportNamesTheOwnerAndTheMissingPlatform() throws Exception {
        world.operator();
        world.client
                .resource(Serialization.unmarshal(pod(), Pod.class))
                .inNamespace(world.namespace)
                .create();

        ImageReport report = world.await(WEB, "Incompatible");

        assertThat(report.getStatus().usedBy()).containsExactly(new UsedBy("TaskRun", "build", "app"));
        assertThat(report.getStatus().missingPlatforms()).containsExactly("linux/arm64");
    }

    private List<Event> events() {
        return world.client.v1().events().inNamespace(world.namespace).list().getItems().stream()
                .filter(event -> event.getReason().equals("ImageRunsOnSomeNodes"))
                .toList();
    }

    private AdmissionEvent event(AdmissionEvent.Decision decision, boolean dryRun) {
        Workload workload =
                new WorkloadReader().read(Reviews.yaml(pod())).orElseThrow().withNamespace(world.namespace);
        EligibleNodes nodes =
                EligibleNodes.of(workload.scheduling(), ReportWorld.nodesOf("linux/amd64", "linux/arm64"));
        Map<NodeProfile, Verdict> verdicts = new LinkedHashMap<>();
        nodes.profiles()
                .forEach(profile -> verdicts.put(
                        profile,
                        profile.platform().architecture().equals("amd64")
                                ? new Verdict.Runs(List.of())
                                : new Verdict.DoesNotRun(Reason.PLATFORM_MISSING, "contains linux/amd64 only")));
        PolicyDecision policy = PolicyDecision.of(
                new WorkloadAssessment(
                        workload,
                        nodes,
                        List.of(new ImageFinding(
                                workload.images().get(0), new ImageAssessment(WEB, ImageContents.UNKNOWN, verdicts)))),
                PolicyConfig.DEFAULT);
        return new AdmissionEvent(
                decision,
                "Pod",
                world.namespace,
                "build-pod",
                "system:serviceaccount:tekton-pipelines:controller",
                dryRun,
                Optional.of(Mode.ENFORCE),
                List.of(policy),
                "",
                Duration.ZERO);
    }

    private static String pod() {
        return "apiVersion: v1\nkind: Pod\nmetadata:\n  name: build-pod\n  ownerReferences:\n"
                + "  - {apiVersion: tekton.dev/v1, kind: TaskRun, name: build, uid: u-1, controller: true}\n"
                + "spec:\n  containers:\n  - {name: app, image: '" + WEB + "'}\n";
    }
}
