package dev.stowage.oci;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.image.Printable;
import dev.stowage.json.InvalidFieldException;
import dev.stowage.json.JsonFields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads indexes, manifests and configs as container runtimes do: the Content-Type alone says what a document is, a document
 * that contradicts it is refused (containerd core/images/image.go, {@code validateMediaType}), and unknown fields are passed
 * over. Like Go's {@code encoding/json}, it takes keys in any case, the last of equal keys, and replaces invalid UTF-8. Nesting and numbers of
 * fields beyond reason are refused.
 */
public final class DocumentReader {

    private static final int MAX_DEPTH = 200;

    private final JsonFactory json = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    /**
     * Reads what a manifest request was answered with.
     *
     * @param body the bytes as served
     * @param contentType the Content-Type it was served as; empty when there was none; parameters do not matter
     * @throws InvalidDocumentException when a node would refuse it; the message says why
     */
    public Document document(byte[] body, String contentType) throws InvalidDocumentException {
        String type = MediaTypes.withoutParameters(contentType);
        if (type.equals(MediaTypes.DOCKER_SCHEMA1) || type.equals(MediaTypes.DOCKER_SCHEMA1_SIGNED)) {
            return new Schema1(type);
        }
        if (!MediaTypes.isIndex(type) && !MediaTypes.isManifest(type)) {
            throw InvalidDocumentException.malformed(wrongContentType(type));
        }
        JsonNode document = object(body, "document");
        if (document.has("fsLayers")) {
            return new Schema1(type);
        }
        try {
            return MediaTypes.isIndex(type) ? index(document, type) : manifest(document, type);
        } catch (InvalidFieldException e) {
            throw InvalidDocumentException.malformed(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads an image's config.
     *
     * @param body the bytes as served
     * @throws InvalidDocumentException when it is not a JSON object or its platform is not made of strings
     */
    public ImageConfig config(byte[] body) throws InvalidDocumentException {
        try {
            JsonFields fields = new JsonFields(object(body, "config"), "config");
            int diffIds = fields.object("rootfs")
                    .map(rootfs -> rootfs.texts("diff_ids").size())
                    .orElse(0);
            return new ImageConfig(DescriptorReader.platform(fields), diffIds);
        } catch (InvalidFieldException e) {
            throw InvalidDocumentException.malformed(String.valueOf(e.getMessage()));
        }
    }

    private static Index index(JsonNode document, String type) throws InvalidDocumentException {
        if (document.has("config") || document.has("layers") || MediaTypes.isManifest(mediaTypeField(document))) {
            throw InvalidDocumentException.malformed("it is served as an index (" + type + ") but is a manifest");
        }
        return new Index(type, DescriptorReader.descriptors(new JsonFields(document, "index"), "manifests"));
    }

    private static Manifest manifest(JsonNode document, String type) throws InvalidDocumentException {
        if (document.has("manifests") || MediaTypes.isIndex(mediaTypeField(document))) {
            throw InvalidDocumentException.malformed("it is served as a manifest (" + type + ") but is an index");
        }
        JsonFields fields = new JsonFields(document, "manifest");
        Descriptor config = DescriptorReader.descriptor(fields.object("config")
                .orElseThrow(() -> InvalidDocumentException.malformed("the manifest has no config")));
        return new Manifest(
                type,
                InternedStrings.shared(fields.text("artifactType")),
                config,
                DescriptorReader.descriptors(fields, "layers"));
    }

    private JsonNode object(byte[] body, String what) throws InvalidDocumentException {
        if (body.length == 0) {
            throw InvalidDocumentException.malformed("the " + what + " is empty");
        }
        if (body[0] == (byte) 0xef) {
            throw InvalidDocumentException.malformed(
                    "the " + what + " begins with a byte order mark, which JSON must not");
        }
        // bytes that are not UTF-8 become U+FFFD
        try (JsonParser parser = json.createParser(new String(body, StandardCharsets.UTF_8))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                throw InvalidDocumentException.malformed("the " + what + " is not a JSON object");
            }
            JsonNode node = new NeededJson(parser, what).read();
            if (parser.nextToken() != null) {
                throw InvalidDocumentException.malformed(
                        "the " + what + " is not valid JSON" + where(parser.currentTokenLocation()));
            }
            return node;
        } catch (JsonProcessingException e) {
            throw InvalidDocumentException.malformed("the " + what + " is not valid JSON" + where(e.getLocation()));
        } catch (IOException e) {
            throw InvalidDocumentException.malformed("the " + what + " is not JSON in UTF-8");
        }
    }

    private static String where(JsonLocation location) {
        return location == null ? "" : " (at character " + Math.max(0, location.getCharOffset()) + ")";
    }

    private static String mediaTypeField(JsonNode document) {
        JsonNode type = document.get("mediaType");
        return type != null && type.isTextual() ? type.textValue() : "";
    }

    private static String wrongContentType(String type) {
        String served = type.isEmpty() ? "without a Content-Type" : "with Content-Type " + Printable.of(type);
        return "it is served " + served
                + ", which nodes do not accept for an image; make the registry send the document's media type";
    }
}
