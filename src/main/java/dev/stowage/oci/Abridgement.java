package dev.stowage.oci;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.platform.Platform;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What of a document decides where an image runs, as JSON that {@link DocumentReader} reads like the document itself. Everything
 * is as it was written, in the same order; what nodes and Stowage never look at is left out. It has not the document's digest.
 */
public final class Abridgement {

    /** Says of an entry that its layers are compressed with zstd, which CRI-O prefers among equals. */
    private static final Set<String> ANNOTATIONS = Set.of(
            Attestation.TYPE_ANNOTATION, Attestation.SUBJECT_ANNOTATION, "io.github.containers.compression.zstd");

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Abridgement() {}

    /** The abridgement of an index or manifest. */
    public static String of(Document document) {
        return document instanceof Index index ? index(index) : manifest((Manifest) document);
    }

    /** The abridgement of a config. */
    public static String of(ImageConfig config) {
        return platform(config.platform()).toString();
    }

    private static String index(Index index) {
        ObjectNode json = JSON.objectNode();
        ArrayNode entries = json.putArray("manifests");
        index.entries().forEach(entry -> entries.add(descriptor(entry)));
        return json.toString();
    }

    /** Of a manifest's layers the types decide, each once: what comes first is what makes it no image. */
    private static String manifest(Manifest manifest) {
        ObjectNode json = JSON.objectNode();
        putUnlessEmpty(json, "artifactType", manifest.artifactType());
        json.set("config", descriptor(manifest.config()));
        Map<String, Descriptor> layers = new LinkedHashMap<>();
        for (Descriptor layer : manifest.layers()) {
            boolean plain = MediaTypes.isImageLayer(layer.mediaType())
                    && !layer.mediaType().endsWith("+encrypted");
            if (!plain) {
                layers.putIfAbsent(layer.mediaType(), layer);
            }
        }
        if (!layers.isEmpty()) {
            ArrayNode odd = json.putArray("layers");
            layers.values().forEach(layer -> odd.add(descriptor(layer)));
        }
        return json.toString();
    }

    private static ObjectNode descriptor(Descriptor descriptor) {
        ObjectNode json = JSON.objectNode();
        putUnlessEmpty(json, "mediaType", descriptor.mediaType());
        json.put("digest", descriptor.digest().toString());
        json.put("size", descriptor.size());
        descriptor.platform().ifPresent(platform -> json.set("platform", platform(platform)));
        putUnlessEmpty(json, "artifactType", descriptor.artifactType());
        ObjectNode annotations = JSON.objectNode();
        ANNOTATIONS.stream()
                .sorted()
                .filter(descriptor.annotations()::containsKey)
                .forEach(name -> annotations.put(name, descriptor.annotations().get(name)));
        if (!annotations.isEmpty()) {
            json.set("annotations", annotations);
        }
        return json;
    }

    private static ObjectNode platform(Platform platform) {
        ObjectNode json = JSON.objectNode();
        putUnlessEmpty(json, "os", platform.os());
        putUnlessEmpty(json, "architecture", platform.architecture());
        putUnlessEmpty(json, "variant", platform.variant());
        putUnlessEmpty(json, "os.version", platform.osVersion());
        List<String> features = platform.osFeatures();
        if (!features.isEmpty()) {
            ArrayNode list = json.putArray("os.features");
            features.forEach(list::add);
        }
        return json;
    }

    private static void putUnlessEmpty(ObjectNode json, String name, String text) {
        if (!text.isEmpty()) {
            json.put(name, text);
        }
    }
}
