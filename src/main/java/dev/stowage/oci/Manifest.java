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
     * What this is, when no runtime takes it for an image: neither its config nor any layer is of an image's type, or it has a config of
     * another type. Runtimes differ about manifests that are in between.
     *
     * @return words for messages such as {@code "a Helm chart"}; nothing for what may be an image
     */
    public Optional<String> notAnImage() {
        if (!hasImageConfig()) {
            return Optional.of(artifactKind());
        }
        return layers.isEmpty() || knownLayers() > 0
                ? Optional.empty()
                : Optional.of(layerKind(layers.get(0).mediaType()));
    }

    /** Whether the config is one of an image, for some runtime at least. */
    public boolean hasImageConfig() {
        return MediaTypes.isImageConfig(config.mediaType()) || hasUntypedConfig();
    }

    /** Whether the config has the type that old Docker clients wrote, before there was one for configs. */
    public boolean hasUntypedConfig() {
        return MediaTypes.DOCKER_MANIFEST.equals(mediaType) && MediaTypes.OCTET_STREAM.equals(config.mediaType());
    }

    /** How many layers have a type that runtimes unpack into a root file system. */
    public int knownLayers() {
        int known = 0;
        for (Descriptor layer : layers) {
            known += MediaTypes.isImageLayer(layer.mediaType()) ? 1 : 0;
        }
        return known;
    }

    /** The type of the first layer that is not one of an image. */
    public Optional<String> foreignLayer() {
        return layers.stream()
                .map(Descriptor::mediaType)
                .filter(type -> !MediaTypes.isImageLayer(type))
                .findFirst();
    }

    /** Whether this is a Nydus image, whose layers only the nydus snapshotter of containerd unpacks. */
    public boolean isNydus() {
        for (Descriptor layer : layers) {
            if (layer.annotations().containsKey(Descriptor.NYDUS_ANNOTATION)
                    || layer.mediaType().startsWith("application/vnd.oci.image.layer.nydus.")) {
                return true;
            }
        }
        return false;
    }

    /** Whether this is a WebAssembly image, which only a RuntimeClass made for it runs. */
    public boolean isWasm() {
        return MediaTypes.WASM_CONFIG.equals(config.mediaType());
    }

    /** Whether some layer is encrypted, so that only nodes with its key can unpack it. */
    public boolean isEncrypted() {
        for (Descriptor layer : layers) {
            if (layer.mediaType().endsWith("+encrypted")) {
                return true;
            }
        }
        return false;
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
