package dev.stowage.demo;

import dev.stowage.oci.Descriptor;
import java.util.function.BiConsumer;

/** The images of the puzzle that Stowage exists for, one repository each, all under the tag {@code 1}. */
public enum PuzzleImage {
    /** What looks like an image of two platforms and is one amd64 image. */
    AMD64_ATTESTED(
            "amd64-attested",
            "an index of one amd64 image and its attestation: what \"docker buildx build\" pushes since 0.10",
            (images, tag) -> {
                Descriptor amd64 = images.image(DemoNode.AMD64.platform());
                images.index(tag, amd64, images.attestation(amd64));
            }),
    /** What runs everywhere here. */
    TWO_PLATFORMS(
            "two-platforms", "an index of an amd64 and an arm64 image, each with its attestation", (images, tag) -> {
                Descriptor amd64 = images.image(DemoNode.AMD64.platform());
                Descriptor arm64 = images.image(DemoNode.ARM64.platform());
                images.index(tag, amd64, arm64, images.attestation(amd64), images.attestation(arm64));
            }),
    /** What is left when a clean-up job removes images and forgets attestations. */
    ATTESTATION_ONLY("attestation-only", "an index that holds nothing but an attestation", (images, tag) -> {
        images.index(tag, images.attestation(images.image(DemoNode.AMD64.platform())));
    }),
    /** What a node pulls whatever its architecture is, and then cannot run. */
    ARM64_SINGLE(
            "arm64-single",
            "a single arm64 manifest, without an index that would say so",
            (images, tag) -> images.image(tag, DemoNode.ARM64.platform())),
    /** What is no image at all. */
    CHART("chart", "a Helm chart, which registries keep beside images", SampleImages::chart);

    private static final String TAG = "1";

    private final String label;
    private final String contents;
    private final BiConsumer<SampleImages, String> maker;

    PuzzleImage(String label, String contents, BiConsumer<SampleImages, String> maker) {
        this.label = label;
        this.contents = contents;
        this.maker = maker;
    }

    /** Its short name: {@code amd64-attested}. */
    public String label() {
        return label;
    }

    /** Its name without the registry: {@code puzzle/amd64-attested:1}. */
    public String shortReference() {
        return repository() + ":" + TAG;
    }

    /** What its tag leads to, in words. */
    public String contents() {
        return contents;
    }

    /** The repository that holds it: {@code puzzle/amd64-attested}. */
    public String repository() {
        return "puzzle/" + label;
    }

    /** What stands in {@code image:} for it, at a registry of this address. */
    public String reference(String registry) {
        return registry + "/" + shortReference();
    }

    /** Puts all of them into this registry. */
    public static void fill(EmbeddedRegistry registry) {
        for (PuzzleImage image : values()) {
            image.maker.accept(new SampleImages(registry.repository(image.repository())), TAG);
        }
    }
}
