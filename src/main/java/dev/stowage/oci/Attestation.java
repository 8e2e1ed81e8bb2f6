package dev.stowage.oci;

import dev.stowage.image.Digest;
import dev.stowage.platform.Platform;
import java.util.Optional;

/**
 * The attestation entries that Buildx adds to an index (buildkit {@code docs/attestations/attestation-storage.md}): provenance
 * and SBOMs, listed next to the images under the platform {@code unknown/unknown}.
 */
public final class Attestation {

    /** Says of an entry that it is not an image; the value {@code attestation-manifest} says what it is instead. */
    public static final String TYPE_ANNOTATION = "vnd.docker.reference.type";

    /** The digest of the manifest that an attestation is about. */
    public static final String SUBJECT_ANNOTATION = "vnd.docker.reference.digest";

    static final String ARTIFACT_TYPE = "application/vnd.docker.attestation.manifest.v1+json";
    static final String OLD_CONFIG_TYPE = "application/vnd.docker.attestation.config.v1+json";

    private Attestation() {}

    /** Whether this entry says to be an attestation, whatever platform it claims. */
    public static boolean isAnnotated(Descriptor entry) {
        return entry.annotations().containsKey(TYPE_ANNOTATION) || ARTIFACT_TYPE.equals(entry.artifactType());
    }

    /** Whether this entry is left out of account: annotated, and without a platform that a node could take it for. */
    public static boolean isIgnored(Descriptor entry) {
        return isAnnotated(entry) && entry.platform().map(Platform::isUnknown).orElse(true);
    }

    /** Whether this entry says to be an attestation and yet claims a platform; nodes look at the platform alone and take it. */
    public static boolean isMisleading(Descriptor entry) {
        return isAnnotated(entry) && !isIgnored(entry);
    }

    /** The digest of the manifest that this attestation is about, when it names one. */
    public static Optional<Digest> subject(Descriptor entry) {
        return Optional.ofNullable(entry.annotations().get(SUBJECT_ANNOTATION)).flatMap(Digest::parse);
    }
}
