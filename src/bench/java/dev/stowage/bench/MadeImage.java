package dev.stowage.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.image.Digest;
import dev.stowage.oci.MediaTypes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An image made for measuring, as Buildx pushes them: an index, one manifest and config for each platform, one attestation for each
 * of those. No two repositories have a byte in common, so no cache serves one with the other's content.
 *
 * @param top what its tag names
 * @param topType the media type of that
 * @param manifests its manifests by digest
 * @param blobs its configs by digest
 */
public record MadeImage(byte[] top, String topType, Map<String, byte[]> manifests, Map<String, byte[]> blobs) {

    /** The number of a platform that nodes of benchmarks do not have. */
    static final int FOREIGN = 4;

    private static final String[] FIRST = {"amd64", "arm64", "arm", "ppc64le", "s390x", "riscv64", "386", "mips64le"};

    /**
     * An index.
     *
     * @param repository whose it is
     * @param entries how many entries; with 4 and more, half of them attestations
     */
    public static MadeImage index(String repository, int entries) {
        Parts parts = new Parts(repository);
        int images = entries < 4 ? entries : (entries + 1) / 2;
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        List<String> digests = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            byte[] manifest = parts.manifest(i);
            digests.add(parts.keep(manifest));
            descriptor(list, MediaTypes.OCI_MANIFEST, digests.get(i), manifest.length)
                    .set("platform", platform(i));
        }
        for (int i = 0; i + images < entries; i++) {
            byte[] attestation = parts.attestation(digests.get(i));
            ObjectNode entry = descriptor(list, MediaTypes.OCI_MANIFEST, parts.keep(attestation), attestation.length);
            entry.putObject("annotations")
                    .put("vnd.docker.reference.digest", digests.get(i))
                    .put("vnd.docker.reference.type", "attestation-manifest");
            entry.putObject("platform").put("architecture", "unknown").put("os", "unknown");
        }
        ObjectNode index =
                JsonNodeFactory.instance.objectNode().put("schemaVersion", 2).put("mediaType", MediaTypes.OCI_INDEX);
        index.set("manifests", list);
        return parts.image(bytes(index), MediaTypes.OCI_INDEX);
    }

    /** A single manifest for linux/amd64. */
    public static MadeImage single(String repository) {
        return single(repository, 0);
    }

    /** A single manifest for the platform with this number. */
    static MadeImage single(String repository, int platform) {
        Parts parts = new Parts(repository);
        return parts.image(parts.manifest(platform), MediaTypes.OCI_MANIFEST);
    }

    /** This image, with the manifests and configs of the one that its tag named before. */
    static MadeImage over(MadeImage before, MadeImage now) {
        Map<String, byte[]> manifests = new HashMap<>(before.manifests);
        manifests.putAll(now.manifests);
        Map<String, byte[]> blobs = new HashMap<>(before.blobs);
        blobs.putAll(now.blobs);
        return new MadeImage(now.top, now.topType, manifests, blobs);
    }

    private static ObjectNode platform(int number) {
        ObjectNode platform = JsonNodeFactory.instance.objectNode();
        if (number < FIRST.length) {
            return platform.put("architecture", FIRST[number]).put("os", "linux");
        }
        // what large indexes are made of: one entry a build of Windows
        return platform.put("architecture", "amd64").put("os", "windows").put("os.version", "10.0.17763." + number);
    }

    private static ObjectNode descriptor(ArrayNode list, String mediaType, String digest, int size) {
        return list.addObject()
                .put("mediaType", mediaType)
                .put("digest", digest)
                .put("size", size);
    }

    private static byte[] bytes(ObjectNode document) {
        return document.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The parts of one image while it is made. */
    private static final class Parts {

        private final String repository;
        private final Map<String, byte[]> manifests = new HashMap<>();
        private final Map<String, byte[]> blobs = new HashMap<>();

        Parts(String repository) {
            this.repository = repository;
        }

        byte[] manifest(int platform) {
            ObjectNode config = (ObjectNode) platform(platform);
            config.putObject("config").putObject("Labels").put("repository", repository);
            return manifest(config, "application/vnd.oci.image.layer.v1.tar+gzip", repository + platform);
        }

        byte[] attestation(String subject) {
            ObjectNode config = JsonNodeFactory.instance
                    .objectNode()
                    .put("architecture", "unknown")
                    .put("os", "unknown");
            return manifest(config, "application/vnd.in-toto+json", subject);
        }

        private byte[] manifest(ObjectNode config, String layerType, String layer) {
            String layerDigest =
                    Digest.of(layer.getBytes(StandardCharsets.UTF_8)).toString();
            config.putObject("rootfs")
                    .put("type", "layers")
                    .putArray("diff_ids")
                    .add(layerDigest);
            byte[] content = bytes(config);
            String digest = Digest.of(content).toString();
            blobs.put(digest, content);
            ObjectNode manifest = JsonNodeFactory.instance
                    .objectNode()
                    .put("schemaVersion", 2)
                    .put("mediaType", MediaTypes.OCI_MANIFEST);
            manifest.putObject("config")
                    .put("mediaType", MediaTypes.OCI_CONFIG)
                    .put("digest", digest)
                    .put("size", content.length);
            descriptor(manifest.putArray("layers"), layerType, layerDigest, 1_000_000);
            return bytes(manifest);
        }

        String keep(byte[] manifest) {
            String digest = Digest.of(manifest).toString();
            manifests.put(digest, manifest);
            return digest;
        }

        MadeImage image(byte[] top, String topType) {
            return new MadeImage(top, topType, Map.copyOf(manifests), Map.copyOf(blobs));
        }
    }
}
