package dev.stowage.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.registry.Keyring;
import dev.stowage.testing.MemoryRegistry;
import dev.stowage.verdict.Assessor.Purpose;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images that only provide files, as a volume or next to a program of another container; and nodes that emulate. */
class ProvidedFilesTest {

    private static final Platform AMD64 = Platform.of("linux", "amd64");
    private static final Platform ARM64 = Platform.of("linux", "arm64");

    private final MemoryRegistry registry = new MemoryRegistry();
    private final SampleImages images = new SampleImages(registry);

    @BeforeEach
    void push() {
        images.image("arm64", ARM64);
        images.image("windows", Platform.of("windows", "amd64"));
        images.image("unknown", SampleImages.UNKNOWN);
        images.index("index-arm64", images.image(ARM64));
        images.index("index-386", images.image(Platform.of("linux", "386")));
        images.chart("chart");
        images.manifest(
                "oci-layer",
                MediaTypes.OCI_MANIFEST,
                images.blob(MediaTypes.OCI_EMPTY, bytes()),
                List.of(images.layer(AMD64)));
        images.manifest(
                "signature",
                MediaTypes.OCI_MANIFEST,
                images.config(AMD64),
                List.of(images.blob("application/vnd.dev.cosign.simplesigning.v1+json", bytes())));
    }

    @ParameterizedTest(name = "{0} as {1}: containerd {2}, local {3}, 1.x {4}, cri-o {5}")
    @CsvSource({
        "arm64,       MOUNT, Runs,         Runs,         Runs,         Runs",
        "windows,     MOUNT, Runs,         Runs,         Runs,         Runs",
        "unknown,     MOUNT, Runs,         Runs,         Runs,         Runs",
        "index-arm64, MOUNT, DoesNotRun,   DoesNotRun,   DoesNotRun,   DoesNotRun",
        "index-386,   MOUNT, DoesNotRun,   Runs,         Runs,         DoesNotRun",
        "chart,       MOUNT, Runs,         Runs,         DoesNotRun,   Runs",
        "oci-layer,   MOUNT, DoesNotRun,   DoesNotRun,   DoesNotRun,   Runs",
        "signature,   MOUNT, DoesNotRun,   DoesNotRun,   DoesNotRun,   DoesNotRun",
        "arm64,       DATA,  Runs,         Runs,         Runs,         Runs",
        "unknown,     DATA,  DoesNotRun,   Runs,         Runs,         Runs",
        "index-arm64, DATA,  DoesNotRun,   DoesNotRun,   DoesNotRun,   DoesNotRun",
        "chart,       DATA,  Runs,         Runs,         DoesNotRun,   DoesNotRun"
    })
    void files(String tag, Purpose purpose, String newest, String local, String old, String crio) {
        assertThat(verdict(tag, purpose, RuntimeFamily.CONTAINERD_2_3).label()).isEqualTo(newest);
        assertThat(verdict(tag, purpose, RuntimeFamily.CONTAINERD_LOCAL).label())
                .isEqualTo(local);
        assertThat(verdict(tag, purpose, RuntimeFamily.CONTAINERD_1).label()).isEqualTo(old);
        assertThat(verdict(tag, purpose, RuntimeFamily.CRIO).label()).isEqualTo(crio);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"arm64, Runs", "windows, DoesNotRun", "index-arm64, DoesNotRun"})
    @DisplayName("a node that emulates arm64 runs a single manifest of it; of an index its own entry is needed")
    void emulation(String tag, String verdict) {
        NodeProfile node = new NodeProfile(AMD64, RuntimeFamily.CONTAINERD_2_3, List.of(ARM64));

        assertThat(verdict(tag, Purpose.RUN, node).label()).isEqualTo(verdict);
        assertThat(verdict("arm64", Purpose.RUN, RuntimeFamily.CONTAINERD_2_3).message())
                .contains("unless the node emulates linux/arm64");
    }

    private Verdict verdict(String tag, Purpose purpose, RuntimeFamily runtime) {
        return verdict(tag, purpose, new NodeProfile(AMD64, runtime));
    }

    private Verdict verdict(String tag, Purpose purpose, NodeProfile node) {
        return ShapesTest.assessor(registry)
                .assess(
                        "registry.example/files:" + tag,
                        purpose,
                        Set.of(node),
                        Assessor.Verification.MANIFESTS,
                        Keyring.ANONYMOUS,
                        Deadline.in(Duration.ofSeconds(10)))
                .join()
                .verdictOn(node);
    }

    private static byte[] bytes() {
        return "{}".getBytes(StandardCharsets.UTF_8);
    }
}
