package dev.stowage.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.image.Digest;
import dev.stowage.oci.Attestation;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Makes small but true images, indexes and attestations as Buildx pushes them, and stores them in one repository. */
public final class SampleImages {

    /** The platform of attestation entries. */
    public static final Platform UNKNOWN = Platform.of("unknown", "unknown");

    private static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
    private static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    private static final String IN_TOTO = "application/vnd.in-toto+json";
    private static final String PREDICATE_TYPE = "in-toto.io/predicate-type";
    private static final String PROVENANCE = "https://slsa.dev/provenance/v0.2";

    private final ObjectMapper json = new ObjectMapper();
    private final ImageStore store;

    /** Images for this repository. */
    public SampleImages(ImageStore store) {
        this.store = Objects.requireNonNull(store, "store");
    }

    /** Stores an OCI image whose config says this platform; the descriptor names it as the index entry would. */
    public Descriptor image(Platform platform) {
        return image(null, platform);
    }

    /** Stores an OCI image under this tag, which may be null. */
    public Descriptor image(String tag, Platform platform) {
        return withPlatform(
                manifest(tag, MediaTypes.OCI_MANIFEST, config(platform), List.of(layer(platform))), platform);
    }

    /** Stores a Docker v2 image whose config says this platform. */
    public Descriptor dockerImage(Platform platform) {
        Descriptor config = blob(MediaTypes.DOCKER_CONFIG, configJson(platform));
        Descriptor layer = blob(DOCKER_LAYER, bytes("layer of " + platform));
        return withPlatform(manifest(null, MediaTypes.DOCKER_MANIFEST, config, List.of(layer)), platform);
    }

    /** Stores a provenance attestation about this image, as Buildx does since 0.10. */
    public Descriptor attestation(Descriptor subject) {
        ObjectNode statement = json.createObjectNode()
                .put("_type", "https://in-toto.io/Statement/v0.1")
                .put("predicateType", PROVENANCE);
        statement
                .putArray("subject")
                .addObject()
                .put("name", "sample")
                .putObject("digest")
                .put(subject.digest().algorithm().label(), subject.digest().hex());
        ObjectNode predicate = statement.putObject("predicate").put("buildType", "https://mobyproject.org/buildkit@v1");
        predicate.putObject("builder").put("id", "");
        predicate.putObject("invocation").putObject("configSource").put("entryPoint", "Dockerfile");
        return attestation(subject, List.of(annotated(blob(IN_TOTO, write(statement)), PROVENANCE)));
    }

    private static Descriptor annotated(Descriptor statement, String predicateType) {
        return new Descriptor(
                statement.mediaType(),
                statement.digest(),
                statement.size(),
                Optional.empty(),
                "",
                Map.of(PREDICATE_TYPE, predicateType));
    }

    /** Stores an attestation about this image, with these layers. */
    public Descriptor attestation(Descriptor subject, List<Descriptor> layers) {
        Descriptor manifest = manifest(null, MediaTypes.OCI_MANIFEST, config(UNKNOWN), layers);
        return new Descriptor(
                manifest.mediaType(),
                manifest.digest(),
                manifest.size(),
                Optional.of(UNKNOWN),
                "",
                Map.of(
                        Attestation.TYPE_ANNOTATION,
                        "attestation-manifest",
                        Attestation.SUBJECT_ANNOTATION,
                        subject.digest().toString()));
    }

    /** Stores a Helm chart under this tag. */
    public Descriptor chart(String tag) {
        Descriptor config = blob(MediaTypes.HELM_CONFIG, bytes("{\"name\":\"sample\",\"version\":\"1.0.0\"}"));
        Descriptor content = blob("application/vnd.cncf.helm.chart.content.v1.tar+gzip", bytes("chart"));
        return manifest(tag, MediaTypes.OCI_MANIFEST, config, List.of(content));
    }

    /** Stores an OCI index of these entries; the tag may be null. */
    public Descriptor index(String tag, Descriptor... entries) {
        return index(tag, MediaTypes.OCI_INDEX, entries);
    }

    /** Stores an index or manifest list of these entries; the tag may be null. */
    public Descriptor index(String tag, String mediaType, Descriptor... entries) {
        return put(tag, mediaType, indexJson(mediaType, entries));
    }

    /** Stores a manifest; the tag may be null. */
    public Descriptor manifest(String tag, String mediaType, Descriptor config, List<Descriptor> layers) {
        return put(tag, mediaType, manifestJson(mediaType, config, layers));
    }

    /** Stores any document; the tag may be null. */
    public Descriptor put(String tag, String mediaType, ObjectNode document) {
        byte[] content = write(document);
        return Descriptor.of(mediaType, store.putManifest(tag, mediaType, content), content.length);
    }

    /** Stores a config that says this platform. */
    public Descriptor config(Platform platform) {
        return blob(MediaTypes.OCI_CONFIG, configJson(platform));
    }

    /** Stores a layer that differs for each platform. */
    public Descriptor layer(Platform platform) {
        return blob(OCI_LAYER, bytes("layer of " + platform.os() + platform.architecture() + platform.variant()));
    }

    /** Stores a blob. */
    public Descriptor blob(String mediaType, byte[] content) {
        return Descriptor.of(mediaType, store.putBlob(content), content.length);
    }

    /** The JSON of an index of these entries. */
    public ObjectNode indexJson(String mediaType, Descriptor... entries) {
        ObjectNode index = json.createObjectNode().put("schemaVersion", 2).put("mediaType", mediaType);
        ArrayNode manifests = index.putArray("manifests");
        for (Descriptor entry : entries) {
            manifests.add(descriptorJson(entry));
        }
        return index;
    }

    /** The JSON of a manifest. */
    public ObjectNode manifestJson(String mediaType, Descriptor config, List<Descriptor> layers) {
        ObjectNode manifest = json.createObjectNode().put("schemaVersion", 2).put("mediaType", mediaType);
        manifest.set("config", descriptorJson(config));
        ArrayNode list = manifest.putArray("layers");
        layers.forEach(layer -> list.add(descriptorJson(layer)));
        return manifest;
    }

    /** The same entry under another platform, or under none. */
    public static Descriptor claiming(Descriptor entry, Optional<Platform> platform) {
        return new Descriptor(
                entry.mediaType(), entry.digest(), entry.size(), platform, entry.artifactType(), entry.annotations());
    }

    /** The same entry under another platform. */
    public static Descriptor withPlatform(Descriptor manifest, Platform platform) {
        return claiming(manifest, Optional.of(platform));
    }

    private byte[] configJson(Platform platform) {
        ObjectNode config = platformJson(platform);
        config.putObject("rootfs")
                .put("type", "layers")
                .putArray("diff_ids")
                .add(Digest.of(bytes("x")).toString());
        return write(config);
    }

    private ObjectNode descriptorJson(Descriptor descriptor) {
        ObjectNode node = json.createObjectNode()
                .put("mediaType", descriptor.mediaType())
                .put("digest", descriptor.digest().toString())
                .put("size", descriptor.size());
        descriptor.platform().ifPresent(platform -> node.set("platform", platformJson(platform)));
        if (!descriptor.artifactType().isEmpty()) {
            node.put("artifactType", descriptor.artifactType());
        }
        if (!descriptor.annotations().isEmpty()) {
            ObjectNode annotations = node.putObject("annotations");
            descriptor.annotations().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(annotation -> annotations.put(annotation.getKey(), annotation.getValue()));
        }
        return node;
    }

    private ObjectNode platformJson(Platform platform) {
        ObjectNode node = json.createObjectNode()
                .put("architecture", platform.architecture())
                .put("os", platform.os());
        if (!platform.variant().isEmpty()) {
            node.put("variant", platform.variant());
        }
        if (!platform.osVersion().isEmpty()) {
            node.put("os.version", platform.osVersion());
        }
        if (!platform.osFeatures().isEmpty()) {
            ArrayNode features = node.putArray("os.features");
            platform.osFeatures().forEach(features::add);
        }
        return node;
    }

    private byte[] write(ObjectNode document) {
        try {
            return json.writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON nodes can be written", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
