package dev.stowage.report.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.demo.SampleImages;
import dev.stowage.image.Digest;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.Index;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import dev.stowage.report.api.ImageReportStatus.ImagePlatform;
import dev.stowage.testing.MemoryRegistry;
import dev.stowage.verdict.ImageContents;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ImageFactsTest {

    private static final Platform AMD64 = Platform.of("linux", "amd64");
    private static final Digest INDEX = Digest.of(new byte[] {1});

    private final SampleImages images = new SampleImages(new MemoryRegistry());

    @Test
    @DisplayName("entries of one platform are listed each, as in SOCI indexes")
    void soci() {
        Descriptor image = images.image(AMD64);
        Descriptor artifact = images.manifest(
                null,
                MediaTypes.OCI_MANIFEST,
                images.blob("application/vnd.amazon.soci.index.v2+json", new byte[] {'{', '}'}),
                List.of());
        Descriptor soci = new Descriptor(
                artifact.mediaType(),
                artifact.digest(),
                artifact.size(),
                Optional.of(AMD64),
                "application/vnd.amazon.soci.index.v2+json",
                Map.of());

        ImageFacts facts = ImageFacts.of(new ImageContents(
                Optional.of(INDEX),
                true,
                List.of(AMD64),
                0,
                Optional.of(new Index(MediaTypes.OCI_INDEX, List.of(image, soci)))));

        assertThat(facts.platforms())
                .containsExactly(
                        new ImagePlatform("linux/amd64", image.digest().toString(), null),
                        new ImagePlatform("linux/amd64", soci.digest().toString(), null));
        assertThat(facts.platformsTotal()).isOne();
    }

    @Test
    @DisplayName("a platform is listed without a digest when the index was not read")
    void notRead() {
        ImageFacts facts =
                ImageFacts.of(new ImageContents(Optional.of(INDEX), true, List.of(AMD64), 0, Optional.empty()));

        assertThat(facts.platforms()).containsExactly(new ImagePlatform("linux/amd64", null, null));
    }
}
