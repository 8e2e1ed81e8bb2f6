package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.SteeringEvent;
import dev.stowage.apiserver.ApiServer;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.Platform;
import dev.stowage.report.api.ImageReport;
import dev.stowage.steering.PlatformRequirement;
import dev.stowage.steering.SteeringPlan;
import dev.stowage.steering.SteeringPlan.Cause;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.workload.ControllingOwner;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What reports and Events say of steered pods. */
@RequiresApiServer
class SteeringReportIT {

    private static final String WEB = "registry.example/shop/web:1";
    private static final Platform AMD = Platform.parse("linux/amd64");
    private static final Platform ARM = Platform.parse("linux/arm64");

    private ReportWorld world;

    @BeforeEach
    void begin() throws Exception {
        world = new ReportWorld(ApiServer.shared());
        ReportWorld.installCrd(world.client);
        world.registry.push("1", "linux/amd64");
        world.nodes("linux/amd64", "linux/arm64");
        world.deploy("web", WEB);
    }

    @AfterEach
    void end() throws Exception {
        world.close();
    }

    @Test
    @DisplayName("the report names the platforms on whose nodes steering keeps the pods")
    void kept() throws Exception {
        world.steered();
        world.operator();

        ImageReport report = world.await(WEB, "Incompatible");

        assertThat(report.getStatus().summary().steered()).isEqualTo("linux/amd64");
        assertThat(report.getStatus().about().get(0)).endsWith("; steering keeps its pods on linux/amd64");
        assertThat(report.getStatus().missingPlatforms()).containsExactly("linux/arm64");
    }

    @Test
    @DisplayName("without steering, and of an image that runs everywhere, it names none")
    void none() throws Exception {
        world.operator();
        assertThat(world.await(WEB, "Incompatible").getStatus().summary().steered())
                .isNull();
        world.nodes("linux/amd64");
        assertThat(world.await(WEB, "Compatible").getStatus().summary().steered())
                .isNull();
    }

    @Test
    @DisplayName("the owner of steered pods gets one Event for what they are kept off, and none for a dry run")
    void event() throws Exception {
        SteeringEvent.Observer events = world.operator().steeringEvents();

        events.steered(event(kept(ARM), true, true));
        events.steered(event(kept(ARM), false, false));
        events.steered(event(new SteeringPlan.Left(Cause.UNNEEDED, ""), true, false));
        assertThat(events()).isEmpty();
        events.steered(event(kept(ARM), true, false));
        events.steered(event(kept(ARM), true, false));

        world.await("an event", () -> !events().isEmpty());
        world.awaitQuiet();
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.getInvolvedObject().getKind()).isEqualTo("ReplicaSet");
            assertThat(event.getInvolvedObject().getName()).isEqualTo("web-1");
            assertThat(event.getType()).isEqualTo("Normal");
            assertThat(event.getMessage())
                    .isEqualTo("pods are kept off linux/arm64, where not all of their images run");
        });
    }

    private static SteeringPlan kept(Platform off) {
        return new SteeringPlan.Steered(
                new PlatformRequirement(List.of("amd64"), List.of()),
                List.of(),
                List.of(),
                List.of(AMD),
                List.of(off),
                EligibleNodes.of(SchedulingRules.NONE, ReportWorld.nodesOf("linux/amd64", "linux/arm64")));
    }

    private SteeringEvent event(SteeringPlan plan, boolean patched, boolean dryRun) {
        return new SteeringEvent(
                plan,
                patched,
                world.namespace,
                "web-1-x",
                Optional.of(new ControllingOwner("apps/v1", "ReplicaSet", "web-1", "u-1")),
                dryRun,
                Duration.ZERO);
    }

    private List<Event> events() {
        return world.client.v1().events().inNamespace(world.namespace).list().getItems().stream()
                .filter(event -> event.getReason().equals("PodsSteered"))
                .toList();
    }
}
