package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.image.Digest;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportSpec;
import dev.stowage.report.api.ImageReportStatus;
import dev.stowage.report.api.ImageReportStatus.CheckedPlatform;
import dev.stowage.report.status.ReconcileInput;
import dev.stowage.report.status.StatusFactory;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Reports that people write to, at the worst of times and in the worst of ways. */
@RequiresApiServer
class ReportEditsIT {

    private static final int IMAGES = 10;
    private static final int EDITS = 20;
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
    @DisplayName("what people write the moment after Stowage wrote is mended, every time")
    void whatPeopleWriteRightAfterStowageIsMended() throws Exception {
        for (int i = 0; i < IMAGES; i++) {
            world.registry.push("v" + i, "linux/amd64");
            world.deploy("web" + i, image(i));
        }
        Meddler meddler = new Meddler();
        Watch watch = world.client
                .resources(ImageReport.class)
                .inNamespace(world.namespace)
                .watch(meddler);
        try {
            world.operator();
            for (int i = 1; i <= EDITS; i++) {
                int round = i;
                world.await("all to be edited for time " + round, () -> meddler.hasEdited(IMAGES, round));
            }
            for (int i = 0; i < IMAGES; i++) {
                world.await(image(i), "Compatible");
            }
        } finally {
            watch.close();
        }
    }

    private static String image(int number) {
        return "registry.example/shop/web:v" + number;
    }

    @Test
    @DisplayName("a finding that people falsify is found again at once")
    void aFindingThatPeopleFalsifyIsFoundAgain() throws Exception {
        Digest digest = world.registry.push("1", "linux/arm64");
        world.deploy("web", WEB);
        world.operator();
        ImageReport report = world.await(WEB, "Incompatible");
        String lie = digest.toString().replaceAll("[0-9a-f]{8}$", "00000000");

        edit(report, status -> {
            Map<String, Object> edited = fields(status);
            edited.put("verdict", "Compatible");
            edited.put("digest", lie);
            edited.put(
                    "checkedPlatforms",
                    List.of(new CheckedPlatform("linux/amd64", "containerd-2.3", "Runs", "Runs", "it does")));
            edited.remove("missing");
            return status(edited);
        });

        world.await("the truth", () -> world.report(WEB)
                .map(ImageReport::getStatus)
                .filter(status -> "Incompatible".equals(status.verdict())
                        && digest.toString().equals(status.digest())
                        && List.of("linux/amd64").equals(status.missingPlatforms()))
                .isPresent());
    }

    @Test
    @DisplayName("a report that is deleted and made again for another image is about that one")
    void aReportThatIsMadeAgainIsAboutItsOwnImage() throws Exception {
        world.registry.push("1", "linux/amd64");
        Digest other = world.registry.push("2", "linux/arm64");
        world.operator();
        world.client.resource(mine("check", WEB)).create();
        world.await(WEB, "Compatible");

        world.client.resource(mine("check", WEB)).delete();
        world.client.resource(mine("check", API)).create();

        assertThat(world.await(API, "Incompatible").getStatus().digest()).isEqualTo(other.toString());
    }

    private ImageReport mine(String name, String image) {
        ImageReport report = new ImageReport();
        report.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(world.namespace)
                .build());
        report.setSpec(ImageReportSpec.of(image));
        return report;
    }

    private void edit(ImageReport report, UnaryOperator<ImageReportStatus> how) {
        world.client.resource(report).subresource("status").edit(edited -> {
            edited.setStatus(how.apply(edited.getStatus()));
            return edited;
        });
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> fields(ImageReportStatus status) {
        return world.client.getKubernetesSerialization().convertValue(status, Map.class);
    }

    private ImageReportStatus status(Map<String, Object> fields) {
        return world.client.getKubernetesSerialization().convertValue(fields, ImageReportStatus.class);
    }

    /** Writes over each report as soon as it is right, so many times. */
    private final class Meddler implements Watcher<ImageReport> {
        private final Map<String, Integer> edits = new ConcurrentHashMap<>();

        boolean hasEdited(int reports, int times) {
            return edits.size() == reports && edits.values().stream().allMatch(count -> count >= times);
        }

        @Override
        public void eventReceived(Action action, ImageReport report) {
            if (report.getStatus() == null
                    || !"Compatible".equals(report.getStatus().verdict())) {
                return;
            }
            if (edits.merge(report.getSpec().image(), 1, Integer::sum) <= EDITS) {
                edit(
                        report,
                        status -> StatusFactory.withoutDenial(new StatusFactory()
                                .next(
                                        new ReconcileInput(
                                                7L,
                                                Optional.empty(),
                                                ImageUsage.NONE,
                                                Set.of(),
                                                false,
                                                Optional.empty()),
                                        world.clock.instant())));
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            // the test ends, or waits in vain
        }
    }
}
