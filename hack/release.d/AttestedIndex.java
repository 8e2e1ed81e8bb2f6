import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Adds attestations to the image index of an OCI layout, as BuildKit stores them: an attestation manifest for each image, listed after the images. The
 * images' own manifests, and their entries, stay as they are. Prints the digest of the new index.
 *
 * <pre>java -cp JACKSON AttestedIndex.java LAYOUT NAME PREDICATE-TYPE=FILE...</pre>
 *
 * <p>NAME is that of the image in the statements, such as {@code ghcr.io/stowage-dev/stowage@0.1.0}.
 */
public final class AttestedIndex {

    private static final String INDEX = "application/vnd.oci.image.index.v1+json";
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final String CONFIG = "application/vnd.oci.image.config.v1+json";
    private static final String STATEMENT = "application/vnd.in-toto+json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path layout;
    private final String name;
    private final List<String> predicates;

    private AttestedIndex(Path layout, String name, List<String> predicates) {
        this.layout = layout;
        this.name = name;
        this.predicates = predicates;
    }

    public static void main(String[] arguments) throws IOException {
        List<String> all = List.of(arguments);
        System.out.println(
                new AttestedIndex(Path.of(all.get(0)), all.get(1), all.subList(2, all.size())).write());
    }

    private String write() throws IOException {
        ObjectNode root = read(layout.resolve("index.json"));
        if (root.at("/manifests").size() != 1) {
            throw new IOException(layout + "/index.json should have one entry, the image's index");
        }
        Path oldIndex = blob(root.at("/manifests/0/digest").textValue());
        List<ObjectNode> images = new ArrayList<>();
        read(oldIndex).withArray("manifests").forEach(image -> images.add((ObjectNode) image));
        ObjectNode index = document(INDEX);
        ArrayNode entries = index.putArray("manifests");
        images.forEach(entries::add);
        for (ObjectNode image : images) {
            entries.add(attestation(image));
        }
        Files.delete(oldIndex);
        ObjectNode descriptor = store(INDEX, index);
        root.putArray("manifests").add(descriptor);
        Files.writeString(layout.resolve("index.json"), root.toString());
        return descriptor.get("digest").textValue();
    }

    /** The entry of the index for the attestation manifest of an image, which it stores with all that it refers to. */
    private ObjectNode attestation(ObjectNode image) throws IOException {
        ArrayNode layers = JSON.createArrayNode();
        ArrayNode digests = JSON.createArrayNode();
        for (String predicate : predicates) {
            String type = predicate.substring(0, predicate.indexOf('='));
            ObjectNode layer = store(STATEMENT, statement(image, type, Path.of(predicate.substring(type.length() + 1))));
            layer.putObject("annotations").put("in-toto.io/predicate-type", type);
            layers.add(layer);
            digests.add(layer.get("digest"));
        }
        ObjectNode config = unknown(JSON.createObjectNode());
        config.putObject("config");
        config.putObject("rootfs").put("type", "layers").set("diff_ids", digests);
        ObjectNode manifest = document(MANIFEST);
        manifest.set("config", store(CONFIG, config));
        manifest.set("layers", layers);
        ObjectNode entry = store(MANIFEST, manifest);
        entry.putObject("annotations")
                .put("vnd.docker.reference.digest", image.get("digest").textValue())
                .put("vnd.docker.reference.type", "attestation-manifest");
        unknown(entry.putObject("platform"));
        return entry;
    }

    private ObjectNode statement(ObjectNode image, String type, Path predicate) throws IOException {
        String platform = image.at("/platform/os").textValue() + "%2F" + image.at("/platform/architecture").textValue();
        ObjectNode statement = JSON.createObjectNode()
                .put("_type", "https://in-toto.io/Statement/v0.1")
                .put("predicateType", type);
        ObjectNode subject = statement.putArray("subject").addObject().put("name", "pkg:docker/" + name + "?platform=" + platform);
        subject.putObject("digest").put("sha256", image.get("digest").textValue().substring("sha256:".length()));
        statement.set("predicate", read(predicate));
        return statement;
    }

    private static ObjectNode unknown(ObjectNode platform) {
        return platform.put("architecture", "unknown").put("os", "unknown");
    }

    private static ObjectNode document(String mediaType) {
        return JSON.createObjectNode().put("schemaVersion", 2).put("mediaType", mediaType);
    }

    private static ObjectNode read(Path file) throws IOException {
        return (ObjectNode) JSON.readTree(file.toFile());
    }

    private Path blob(String digest) {
        return layout.resolve("blobs").resolve(digest.replace(':', '/'));
    }

    /** Writes it as a blob, and returns a descriptor of it. */
    private ObjectNode store(String mediaType, ObjectNode content) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(content);
        String digest = "sha256:" + HexFormat.of().formatHex(sha256().digest(bytes));
        Files.write(blob(digest), bytes);
        return JSON.createObjectNode().put("mediaType", mediaType).put("digest", digest).put("size", bytes.length);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
