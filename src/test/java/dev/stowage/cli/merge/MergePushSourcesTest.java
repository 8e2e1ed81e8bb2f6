package dev.stowage.cli.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.cli.CommandRun;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Digest;
import dev.stowage.oci.Attestation;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.testing.FakeRegistryAnswer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What {@code merge --push} takes from repositories of sources, and what it refuses to. */
class MergePushSourcesTest extends MergePushTesting {

    @Test
    @DisplayName("from repositories of the same registry blobs are mounted; where that is refused, they are sent")
    void mounted() {
        for (String repository : List.of("shop-amd64", "shop-arm64")) {
            SampleImages images = new SampleImages(target.store(repository));
            Descriptor image = images.image(repository.endsWith("amd64") ? AMD64 : ARM64);
            images.index("1", image, images.attestation(image));
        }

        assertThat(push("shop:1", target).out()).contains("7 blobs: 7 mounted from their repositories, 0 uploaded");
        assertThat(target.asked()).noneMatch(sent -> sent.startsWith("PUT /v2/shop/blobs/"));

        target.on("POST", "/v2/more/blobs/uploads/\\?mount=.*", FakeRegistryAnswer.status(401));
        assertThat(push("more:1", target).out()).contains("0 mounted from their repositories, 7 uploaded");
    }

    @Test
    @DisplayName("a tag of a source that moves meanwhile changes nothing")
    void movingSource() {
        origin.on("/v2/shop-arm64/manifests/1", (request, line) -> {
            byte[] moved = new SampleImages(origin.store("shop-arm64"))
                    .indexJson(MediaTypes.OCI_INDEX, arm64)
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
            origin.store("shop-amd64").putManifest("1", MediaTypes.OCI_INDEX, moved);
            FakeRegistryAnswer.ok(MediaTypes.OCI_INDEX, moved).answer(request, line);
        });

        CommandRun.Result result = push();

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(target.digestOf("shop", amd64.digest().toString())).isPresent();
        assertThat(target.digestOf("shop", arm64.digest().toString())).isPresent();
    }

    @Test
    @DisplayName("a blob of a source that is not what its digest says is not sent on")
    void damagedSource() {
        Descriptor layer = new SampleImages(origin.store("shop-arm64")).layer(ARM64);
        origin.on("/v2/shop-arm64/blobs/" + layer.digest(), FakeRegistryAnswer.ok("", new byte[(int) layer.size()]));

        CommandRun.Result result = push();

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("reading the blob " + layer.digest() + " of " + origin.host()
                        + "/shop-arm64:1 failed: the digest is wrong")
                .endsWith(UNCHANGED);
        assertThat(target.requests())
                .noneMatch(request -> request.target().contains(layer.digest().hex())
                        && request.method().equals("PUT"));
        assertThat(target.digestOf("shop", "1")).isEmpty();
    }

    @Test
    @DisplayName("a layer of an absurd size is named as what it is")
    void absurdSize() {
        SampleImages images = new SampleImages(origin.store("shop-arm64"));
        Descriptor layer = images.layer(ARM64);
        Descriptor absurd = Descriptor.of(layer.mediaType(), layer.digest(), 1L << 61);
        images.manifest("1", MediaTypes.OCI_MANIFEST, images.config(ARM64), List.of(absurd));

        CommandRun.Result result = push();

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("reading the blob " + layer.digest()).endsWith(UNCHANGED);
        assertThat(target.digestOf("shop", "1")).isEmpty();
    }

    @Test
    @DisplayName(
            "attestations that are no manifests, or that together are larger than what is kept: nothing is written")
    void hostileAttestations() {
        SampleImages images = new SampleImages(origin.store("shop-arm64"));
        Descriptor nested = images.index(null, arm64);
        images.index("1", arm64, about(nested, arm64));

        CommandRun.Result refused = push();
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains(nested.digest().abbreviated() + ": it is not a manifest");

        Descriptor[] large = Stream.iterate(0, i -> i + 1)
                .limit(17)
                .map(i -> images.put(
                        null,
                        MediaTypes.OCI_MANIFEST,
                        images.manifestJson(MediaTypes.OCI_MANIFEST, images.config(ARM64), List.of())
                                .put("large", i + "x".repeat(4 << 20))))
                .map(manifest -> about(manifest, arm64))
                .toArray(Descriptor[]::new);
        images.index("1", Stream.concat(Stream.of(arm64), Stream.of(large)).toArray(Descriptor[]::new));

        assertThat(push("shop:2").err()).contains("all manifests together are larger than");
        assertThat(written()).isEmpty();
    }

    @Test
    @DisplayName("an image that no node would run does not get the tag")
    void judged() {
        SampleImages images = new SampleImages(origin.store("shop-arm64"));
        images.manifest(
                "1", MediaTypes.OCI_MANIFEST, images.config(ARM64), List.of(images.layer(ARM64), images.layer(AMD64)));

        CommandRun.Result result = push();

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .contains("/shop@sha256:", " does not run on linux/arm64: Invalid: has 2 layers")
                .endsWith(UNCHANGED);
        assertThat(target.digestOf("shop", "1")).isEmpty();
    }

    private static Descriptor about(Descriptor manifest, Descriptor subject) {
        return new Descriptor(
                manifest.mediaType(),
                manifest.digest(),
                manifest.size(),
                Optional.of(SampleImages.UNKNOWN),
                "",
                Map.of(
                        Attestation.TYPE_ANNOTATION,
                        "attestation-manifest",
                        Attestation.SUBJECT_ANNOTATION,
                        subject.digest().toString()));
    }

    @Test
    @DisplayName("a base layer of Windows, which the source does not have either, stays where it is")
    void foreignLayer() {
        SampleImages images = new SampleImages(origin.store("shop-arm64"));
        byte[] absent = {1};
        Descriptor base = Descriptor.of(
                "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", Digest.of(absent), absent.length);
        images.manifest("1", MediaTypes.OCI_MANIFEST, images.config(ARM64), List.of(base));

        CommandRun.Result result = push();

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(target.requests())
                .noneMatch(request -> request.method().equals("PUT")
                        && request.target().contains(base.digest().hex()));
    }
}
