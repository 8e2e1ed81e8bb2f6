package dev.stowage.demo;

import java.util.List;
import java.util.Map;

/**
 * One thing that is shown: a manifest and what must come of it.
 *
 * @param title what is shown, in a few words
 * @param about what the image holds, or what was changed
 * @param manifest what is applied
 * @param denied whether it must be denied
 */
record Scene(String title, String about, Manifest manifest, boolean denied) {

    /** All scenes, in the order in which they tell the story; images come from the registry of this address. */
    static List<Scene> story(String registry) {
        String attested = PuzzleImage.AMD64_ATTESTED.reference(registry);
        return List.of(
                pod("An amd64 image with an attestation", PuzzleImage.AMD64_ATTESTED, registry, true),
                new Scene(
                        "The same image, with the nodeSelector that the message proposes",
                        "nodeSelector {kubernetes.io/arch: amd64} leaves only the node that can run it",
                        Manifest.pod("amd64-selected", attested, Map.of("kubernetes.io/arch", "amd64")),
                        false),
                pod("An image of two platforms", PuzzleImage.TWO_PLATFORMS, registry, false),
                pod("Only an attestation", PuzzleImage.ATTESTATION_ONLY, registry, true),
                pod("A single arm64 manifest", PuzzleImage.ARM64_SINGLE, registry, true),
                pod("A Helm chart", PuzzleImage.CHART, registry, true),
                new Scene(
                        "A Deployment of the first image",
                        "denied at once, not when its pods fail one after the other",
                        Manifest.deployment("web", attested),
                        true));
    }

    private static Scene pod(String title, PuzzleImage image, String registry, boolean denied) {
        return new Scene(
                title,
                image.shortReference() + " is " + image.contents(),
                Manifest.pod(image.label(), image.reference(registry), Map.of()),
                denied);
    }
}
