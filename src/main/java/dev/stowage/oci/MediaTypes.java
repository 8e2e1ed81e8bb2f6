package dev.stowage.oci;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The media types that container runtimes know (image-spec {@code media-types.md} and Docker's image manifest v2.2). */
public final class MediaTypes {

    public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
    public static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
    public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    public static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    public static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
    public static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
    public static final String OCTET_STREAM = "application/octet-stream";
    public static final String OCI_EMPTY = "application/vnd.oci.empty.v1+json";
    public static final String HELM_CONFIG = "application/vnd.cncf.helm.config.v1+json";
    public static final String WASM_CONFIG = "application/vnd.wasm.config.v0+json";
    public static final String DOCKER_SCHEMA1 = "application/vnd.docker.distribution.manifest.v1+json";
    public static final String DOCKER_SCHEMA1_SIGNED = "application/vnd.docker.distribution.manifest.v1+prettyjws";

    /** What every manifest request accepts; a registry answers 404 or 400 to clients that name fewer. */
    public static final List<String> ACCEPTED_MANIFESTS =
            List.of(OCI_INDEX, DOCKER_LIST, OCI_MANIFEST, DOCKER_MANIFEST);

    private static final Set<String> INDEXES = Set.of(OCI_INDEX, DOCKER_LIST);
    private static final Set<String> MANIFESTS = Set.of(OCI_MANIFEST, DOCKER_MANIFEST);
    private static final Set<String> CONFIGS = Set.of(OCI_CONFIG, DOCKER_CONFIG);

    private MediaTypes() {}

    /** The type without parameters ({@code ; charset=utf-8}) and blanks, in lower case; empty for an absent one. */
    public static String withoutParameters(String contentType) {
        int semicolon = contentType.indexOf(';');
        return InternedStrings.shared((semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .trim()
                .toLowerCase(Locale.ROOT));
    }

    /** Whether this names an OCI index or a Docker manifest list. */
    public static boolean isIndex(String mediaType) {
        return INDEXES.contains(mediaType);
    }

    /** Whether this names an OCI or Docker image manifest. */
    public static boolean isManifest(String mediaType) {
        return MANIFESTS.contains(mediaType);
    }

    /** Whether this names an index or a manifest of any kind, those that are no longer supported included. */
    public static boolean isDocument(String mediaType) {
        return isIndex(mediaType)
                || isManifest(mediaType)
                || mediaType.equals(DOCKER_SCHEMA1)
                || mediaType.equals(DOCKER_SCHEMA1_SIGNED);
    }

    /** Whether this names the config of an image; any other config makes its manifest an artifact. */
    public static boolean isImageConfig(String mediaType) {
        return CONFIGS.contains(mediaType);
    }

    /** Whether this names a layer that a runtime unpacks into a root file system. */
    public static boolean isImageLayer(String mediaType) {
        return mediaType.startsWith("application/vnd.oci.image.layer.")
                || mediaType.startsWith("application/vnd.docker.image.rootfs.");
    }
}
