package dev.stowage.apiserver;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.report.ReportWorld;
import dev.stowage.report.api.ImageReport;
import dev.stowage.testing.FakeRegistry;
import dev.stowage.testing.FakeRegistryAnswer;
import dev.stowage.testing.OneKubernetesVersion;
import dev.stowage.testing.RequiresApiServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built application leads, and is stopped while its registry is slow. */
@RequiresApiServer
@OneKubernetesVersion
class StoppedLeaderIT {

    private static final int IMAGES = 12;
    private static final Duration TIME = Duration.ofSeconds(60);

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "POD_NAMESPACE", "default",
            "STOWAGE_ADDRESSES_ALLOWLOOPBACK", "true",
            "STOWAGE_NODEPOOLS_0__NAME", "pool",
            "STOWAGE_NODEPOOLS_0__PLATFORM", "linux/amd64");

    @TempDir
    private Path folder;

    @Test
    @DisplayName("a leader that is stopped while scans run writes nothing about them")
    void scansThatAreCutOffAreNotReported() throws Exception {
        ReportWorld world = new ReportWorld(ApiServer.shared());
        ReportWorld.installCrd(world.client);
        try (FakeRegistry registry = new FakeRegistry();
                ServedJar served = new ServedJar(
                        ApiServer.shared(), folder, "{mode: self}", "{maxConcurrentScans: 12}", ENVIRONMENT)) {
            registry.on("/v2/.*", FakeRegistryAnswer.silence());
            IntStream.range(0, IMAGES)
                    .forEach(i -> world.deploy("web-" + i, registry.host() + "/shop/web-" + i + ":1"));
            served.awaitReady();
            await(
                    "scans",
                    TIME,
                    served::output,
                    () -> !registry.requests().isEmpty() && reports(world).size() == IMAGES);

            served.terminate();

            assertThat(reports(world)).hasSize(IMAGES);
            assertThat(reports(world)).extracting(ImageReport::getStatus).containsOnlyNulls();
        } finally {
            world.close();
        }
    }

    private static List<ImageReport> reports(ReportWorld world) {
        return world.client
                .resources(ImageReport.class)
                .inNamespace(world.namespace)
                .list()
                .getItems();
    }
}
