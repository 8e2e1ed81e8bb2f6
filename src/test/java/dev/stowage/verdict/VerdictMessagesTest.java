package dev.stowage.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.registry.Keyring;
import dev.stowage.testing.MemoryRegistry;
import dev.stowage.verdict.Assessor.Purpose;
import dev.stowage.verdict.Assessor.Verification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What verdicts say of images that users have met. */
class VerdictMessagesTest {

    private static final Platform AMD64 = Platform.of("linux", "amd64");
    private static final Platform ARM64 = Platform.of("linux", "arm64");
    private static final Platform NYDUS = new Platform("linux", "amd64", "", "", List.of("nydus.remoteimage.v1"));

    private final MemoryRegistry registry = new MemoryRegistry();
    private final SampleImages images = new SampleImages(registry);

    @ParameterizedTest
    @EnumSource(Verification.class)
    @DisplayName("an entry whose config names another architecture runs, before the background check and after it")
    void contradiction(Verification verification) {
        images.index("t", SampleImages.claiming(images.image(AMD64), Optional.of(ARM64)));

        Verdict verdict = verdict(ARM64, RuntimeFamily.CONTAINERD_2_3, Purpose.RUN, verification);

        assertThat(verdict).isInstanceOf(Verdict.Runs.class);
        assertThat(verdict.message()).doesNotContain("lie").doesNotContain("exec format error");
    }

    @Test
    @DisplayName("an empty platform is not unknown/unknown")
    void emptyPlatform() {
        images.index("t", SampleImages.claiming(images.image(AMD64), Optional.of(Platform.of("", ""))));

        assertThat(verdict(AMD64, RuntimeFamily.CONTAINERD_2_3).message())
                .contains("names an empty platform")
                .doesNotContain("unknown/unknown");
    }

    @Test
    @DisplayName("entries that differ in os.features are named differently")
    void features() {
        images.index("t", SampleImages.claiming(images.image(ARM64), Optional.of(NYDUS)), images.image(AMD64));

        assertThat(verdict(ARM64, RuntimeFamily.CONTAINERD_2_3).message())
                .contains("linux/amd64 with nydus.remoteimage.v1, linux/amd64 only");
    }

    @ParameterizedTest
    @EnumSource(
            value = RuntimeFamily.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"DOCKER", "CRIO"})
    @DisplayName("a Nydus image names the snapshotter that it needs")
    void nydus(RuntimeFamily runtime) {
        images.index("t", SampleImages.claiming(images.image(AMD64), Optional.of(NYDUS)));

        Verdict verdict = verdict(AMD64, runtime);

        assertThat(verdict).isInstanceOf(Verdict.Undetermined.class);
        assertThat(verdict.message()).contains("nydus snapshotter");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"CONTAINERD_1, false", "CONTAINERD_2_3_ANY_MODE, false", "DOCKER, true", "CRIO, true"})
    @DisplayName("a config of the type that old Docker clients wrote is not called an artifact")
    void octetStream(RuntimeFamily runtime, boolean runs) {
        Descriptor config = images.blob(
                MediaTypes.OCTET_STREAM,
                bytes(
                        "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"x\"]}}"));
        images.manifest("t", MediaTypes.DOCKER_MANIFEST, config, List.of(images.layer(AMD64)));

        Verdict verdict = verdict(AMD64, runtime);

        assertThat(verdict instanceof Verdict.Runs).isEqualTo(runs);
        assertThat(verdict.message()).doesNotContain("artifact");
        assertThat(runs || verdict.message().contains("application/octet-stream, which containerd does not accept"))
                .isTrue();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"RUN, DoesNotRun", "RUN_BY_RUNTIME_CLASS, Undetermined", "DATA, DoesNotRun"})
    @DisplayName("a Spin application needs a RuntimeClass")
    void spin(Purpose purpose, String verdict) {
        images.manifest(
                "t",
                MediaTypes.OCI_MANIFEST,
                images.blob(MediaTypes.OCI_CONFIG, bytes("{\"architecture\":\"wasm\",\"os\":\"wasip1\"}")),
                List.of(images.blob("application/vnd.wasm.content.layer.v1+wasm", bytes("w"))));

        assertThat(verdict(AMD64, RuntimeFamily.CONTAINERD_2_3, purpose, Verification.MANIFESTS)
                        .label())
                .isEqualTo(verdict);
    }

    @ParameterizedTest
    @EnumSource(RuntimeFamily.class)
    @DisplayName("a single 32-bit image on arm64 has the warning that entries have")
    void armOnArm64(RuntimeFamily runtime) {
        images.image("t", Platform.of("linux", "arm", "v7"));

        Verdict verdict = verdict(ARM64, runtime);

        assertThat(verdict).isInstanceOf(Verdict.Runs.class);
        assertThat(verdict.message()).contains("32-bit arm");
    }

    @Test
    @DisplayName("nodes with Docker get no text about containerd's pull mode")
    void docker() {
        images.index("t", images.index(null, images.image(AMD64)));

        assertThat(verdict(AMD64, RuntimeFamily.DOCKER).message())
                .contains("docker rejects")
                .doesNotContain("containerd");
    }

    private Verdict verdict(Platform platform, RuntimeFamily runtime) {
        return verdict(platform, runtime, Purpose.RUN, Verification.MANIFESTS);
    }

    private Verdict verdict(Platform platform, RuntimeFamily runtime, Purpose purpose, Verification verification) {
        NodeProfile node = new NodeProfile(platform, runtime);
        return ShapesTest.assessor(registry)
                .assess(
                        "registry.example/app:t",
                        purpose,
                        Set.of(node),
                        verification,
                        Keyring.ANONYMOUS,
                        Deadline.in(Duration.ofSeconds(10)))
                .join()
                .verdictOn(node);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
