package dev.stowage.cli.inspect;

import dev.stowage.image.Digest;
import dev.stowage.registry.Registry;

/** The tags at which cosign keeps what belongs to an image ({@code specs/SIGNATURE_SPEC.md}). */
enum CosignTag {
    SIGNATURE(".sig", "cosign signature"),
    ATTESTATION(".att", "cosign attestation"),
    SBOM(".sbom", "cosign SBOM");

    private final String suffix;
    private final String label;

    CosignTag(String suffix, String label) {
        this.suffix = suffix;
        this.label = label;
    }

    String of(Digest subject) {
        return Registry.referrersTag(subject) + suffix;
    }

    String label() {
        return label;
    }
}
