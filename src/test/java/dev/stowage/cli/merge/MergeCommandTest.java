package dev.stowage.cli.merge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.stowage.cli.CommandRun;
import dev.stowage.demo.SampleImages;
import dev.stowage.oci.Attestation;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.testing.MemoryRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MergeCommandTest {

    private static final Platform AMD64 = Platform.of("linux", "amd64");
    private static final Platform ARM64 = Platform.of("linux", "arm64");

    private final MemoryRegistry registry = new MemoryRegistry();
    private final SampleImages images = new SampleImages(registry);
    private final Descriptor amd64 = images.image(AMD64);
    private final Descriptor arm64 = images.image(ARM64);

    @Test
    @DisplayName(
            "two images that each carry an attestation: the index with each attestation after its image, and the commands")
    void twoAttested() {
        Descriptor one = images.index("amd64", amd64, images.attestation(amd64));
        Descriptor other = images.index("arm64", arm64, images.attestation(arm64));

        CommandRun.Result result = merge("r.example/shop-amd64:amd64", "r.example/shop-arm64:arm64");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .containsSubsequence(
                        "r.example/shop:1\nindex " + MediaTypes.OCI_INDEX,
                        "linux/amd64 ",
                        "    from r.example/shop-amd64:amd64\n",
                        "unknown/unknown ",
                        "    attests linux/amd64 " + amd64.digest().abbreviated() + "\n",
                        "linux/arm64 ",
                        "unknown/unknown ",
                        "    attests linux/arm64 " + arm64.digest().abbreviated() + "\n")
                .contains("  docker buildx imagetools create -t r.example/shop:1 \\\n    r.example/shop-amd64@"
                        + one.digest() + " \\\n    r.example/shop-arm64@" + other.digest() + "\n")
                .contains("  crane index append -t r.example/shop:1 \\\n    -m r.example/shop-amd64@" + one.digest()
                        + " \\\n    -m r.example/shop-arm64@" + other.digest() + "\n")
                .doesNotContain("warning");
    }

    @Test
    @DisplayName("single manifests get the platform of their config; Docker's alone become Docker's list")
    void singleManifests() {
        images.put("a", MediaTypes.DOCKER_MANIFEST, dockerImage(AMD64));
        images.put("b", MediaTypes.DOCKER_MANIFEST, dockerImage(ARM64));

        CommandRun.Result result = merge("r.example/shop:a", "r.example/shop:b");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out())
                .contains(
                        "index " + MediaTypes.DOCKER_LIST, "linux/amd64 ", "linux/arm64 ", " --docker-empty-base \\\n");
    }

    @Test
    @DisplayName("a source that adds nothing is left out; two images of a platform are refused")
    void samePlatform() {
        Descriptor one = images.index("one", amd64);
        images.index("same", amd64, arm64);
        Descriptor another = images.manifest(
                null,
                MediaTypes.OCI_MANIFEST,
                images.blob(MediaTypes.OCI_CONFIG, "{\"os\":\"linux\",\"architecture\":\"x86_64\",\"a\":1}".getBytes()),
                List.of(images.layer(AMD64)));
        images.index("another", SampleImages.withPlatform(another, Platform.of("linux", "x86_64")));

        assertThat(merge("r.example/shop:same", "r.example/shop:one").out())
                .contains("warning: r.example/shop:one is left out: the other images contain all of it\n")
                .doesNotContain("shop@" + one.digest());
        assertThat(merge("r.example/shop:one", "r.example/shop:same").err()).contains("two images of linux/amd64");
        CommandRun.Result refused = merge("r.example/shop:one", "r.example/shop:another");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err())
                .startsWith("stowage: two images of linux/amd64: "
                        + amd64.digest().abbreviated() + " of r.example/shop:one and "
                        + another.digest().abbreviated() + " of r.example/shop:another");
    }

    @Test
    @DisplayName(
            "what is no image, a nested index, a config of another platform, an attestation that poses as an image: refused")
    void refusals() {
        images.chart("chart");
        images.index("nested", images.index(null, amd64), arm64);
        images.index("lies", SampleImages.withPlatform(amd64, ARM64));
        images.index(
                "poses", amd64, SampleImages.withPlatform(images.attestation(amd64), Platform.of("linux", "riscv64")));
        images.index("empty", images.attestation(amd64));

        assertThat(refused("chart")).contains("is a Helm chart, not an image");
        assertThat(refused("nested")).contains("is a nested index");
        assertThat(refused("lies")).contains("is listed as linux/arm64, but its config says linux/amd64");
        assertThat(refused("poses")).contains("claims the platform linux/riscv64");
        assertThat(refused("empty")).contains("its index contains no image");
    }

    @Test
    @DisplayName(
            "an image that is gone, or a registry that does not answer, ends it with the reason and the code of inspect")
    void unreadable() {
        registry.fail("busy", RegistryFailure.Kind.UNAVAILABLE);
        images.index("gone", amd64, arm64);
        registry.fail(arm64.digest().toString(), RegistryFailure.Kind.NOT_FOUND);

        assertThat(merge("r.example/shop:missing").code()).isEqualTo(1);
        assertThat(merge("r.example/shop:busy").code()).isEqualTo(2);
        CommandRun.Result gone = merge("r.example/shop:gone");
        assertThat(gone.code()).isEqualTo(1);
        assertThat(gone.err()).startsWith("stowage: r.example/shop:gone: ");
    }

    @Test
    @DisplayName("an attestation whose image is not there has a warning")
    void lostSubject() {
        images.index("a", amd64, images.attestation(arm64));

        CommandRun.Result result = merge("r.example/shop:a");

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .containsPattern("warning: attestation sha256:[0-9a-f]{12} of r.example/shop:a has lost its subject")
                .contains("    attests an image that is not here\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "r.example/shop@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "r.example/SHOP:1"
            })
    @DisplayName("a target that cannot be a tag is bad usage")
    void badTargets(String target) {
        images.index("a", amd64);

        assertThat(CommandRun.with(registry)
                        .run("merge", target, "r.example/shop:a")
                        .code())
                .isEqualTo(64);
    }

    @Test
    @DisplayName("the index keeps every field of its sources' entries")
    void otherFields() {
        Descriptor noted = new Descriptor(
                amd64.mediaType(),
                amd64.digest(),
                amd64.size(),
                Optional.of(AMD64),
                "",
                Map.of("z", "1", Attestation.SUBJECT_ANNOTATION, "2"));

        assertThat(new String(IndexJson.index(
                        MediaTypes.OCI_INDEX,
                        List.of(IndexJson.entry(
                                noted,
                                Optional.of(JsonNodeFactory.instance
                                        .objectNode()
                                        .put("other", 7)
                                        .<com.fasterxml.jackson.databind.node.ObjectNode>set(
                                                "annotations",
                                                JsonNodeFactory.instance
                                                        .objectNode()
                                                        .put("z", "1")
                                                        .put("a", "2"))))))))
                .isEqualTo("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_INDEX
                        + "\",\"manifests\":[{\"mediaType\":\""
                        + amd64.mediaType() + "\",\"size\":" + amd64.size() + ",\"digest\":\"" + amd64.digest()
                        + "\",\"annotations\":{\"a\":\"2\",\"z\":\"1\"},\"platform\":{\"architecture\":\"amd64\",\"os\":\"linux\"}"
                        + ",\"other\":7}]}");
    }

    private String refused(String tag) {
        CommandRun.Result result = merge("r.example/shop:" + tag);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("stowage: r.example/shop:" + tag + " cannot be merged: ");
        return result.err();
    }

    private com.fasterxml.jackson.databind.node.ObjectNode dockerImage(Platform platform) {
        Descriptor config = images.blob(
                MediaTypes.DOCKER_CONFIG,
                ("{\"os\":\"linux\",\"architecture\":\"" + platform.architecture() + "\"}").getBytes());
        return images.manifestJson(MediaTypes.DOCKER_MANIFEST, config, List.of());
    }

    private CommandRun.Result merge(String... sources) {
        String[] arguments = new String[sources.length + 2];
        arguments[0] = "merge";
        arguments[1] = "r.example/shop:1";
        System.arraycopy(sources, 0, arguments, 2, sources.length);
        return CommandRun.with(registry).run(arguments);
    }
}
