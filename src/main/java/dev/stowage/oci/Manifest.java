package dev.stowage.oci;

import dev.stowage.image.Printable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An OCI or Docker v2 image manifest (image-spec {@code manifest.md}). Not every manifest is an image: charts, signatures and
 * attestations use the same form.
 *
 * @param mediaType the media type that it was served as
 * @param artifactType what it says to be if not an image; empty when it says nothing
 * @param config its config
 * @param layers its layers, in order
 */
public record Manifest(String mediaType, String artifactType, Descriptor config, List<Descriptor> layers)
        implements Document {

    private static final String COSIGN_SIGNATURE = "application/vnd.dev.cosign.simplesigning.v1+json";
    private static final String DSSE_ENVELOPE = "application/vnd.dsse.envelope.v1+json";
    private static final String IN_TOTO = "application/vnd.in-toto+json";

    public Manifest {
        Objects.requireNonNull(mediaType, "mediaType");
        Objects.requireNonNull(artifactType, "artifactType");
        Objects.requireNonNull(config, "config");
        layers = List.copyOf(layers);
    }

    /**
     * What this is, when it is not an image. A manifest is an image when its config is an image config and every layer is one that
     * a runtime unpacks; everything else is pulled by a node and then fails there ("mismatched image rootfs and manifest
     * layers").
     *
     * @return words for messages such as {@code "a Helm chart"}; nothing for an image
     */
    public Optional<String> notAnImage() {
        if (!MediaTypes.isImageConfig(config.mediaType())) {
            return Optional.of(artifactKind());
        }
        return layers.stream()
                .map(Descriptor::mediaType)
                .filter(type -> !MediaTypes.isImageLayer(type))
                .findFirst()
                .map(Manifest::layerKind);
    }

    /** Whether this is a WebAssembly image, which only a RuntimeClass made for it runs. */
    public boolean isWasm() {
        return MediaTypes.WASM_CONFIG.equals(config.mediaType());
    }

    /** Whether some layer is encrypted, so that only nodes with its key can unpack it. */
    public boolean isEncrypted() {
        return layers.stream().anyMatch(layer -> layer.mediaType().endsWith("+encrypted"));
    }

    private String artifactKind() {
        if (MediaTypes.HELM_CONFIG.equals(config.mediaType())) {
            return "a Helm chart";
        }
        if (isWasm()) {
            return "a WebAssembly module";
        }
        if (Attestation.ARTIFACT_TYPE.equals(artifactType) || Attestation.OLD_CONFIG_TYPE.equals(config.mediaType())) {
            return "a build attestation";
        }
        String type = artifactType.isEmpty() ? config.mediaType() : artifactType;
        return "an artifact of type " + Printable.of(type);
    }

    private static String layerKind(String layerType) {
        return switch (layerType) {
            case COSIGN_SIGNATURE -> "a cosign signature";
            case DSSE_ENVELOPE -> "a cosign attestation";
            case IN_TOTO -> "a build attestation";
            default -> "an artifact with a layer of type " + Printable.of(layerType);
        };
    }
}
