package dev.stowage.oci;

import dev.stowage.image.Digest;
import dev.stowage.image.Printable;
import dev.stowage.json.JsonFields;
import dev.stowage.platform.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads descriptors and platforms from the fields of a document. */
final class DescriptorReader {

    private DescriptorReader() {}

    /** The descriptors in the array of this name (image-spec {@code descriptor.md}). */
    static List<Descriptor> descriptors(JsonFields document, String name) throws InvalidDocumentException {
        List<Descriptor> descriptors = new ArrayList<>();
        for (JsonFields fields : document.objects(name)) {
            descriptors.add(descriptor(fields));
        }
        return descriptors;
    }

    static Descriptor descriptor(JsonFields fields) throws InvalidDocumentException {
        String digest = fields.text("digest");
        return new Descriptor(
                shared(fields, "mediaType"),
                Digest.parse(digest)
                        .orElseThrow(() -> InvalidDocumentException.malformed(
                                fields.pathOf("digest") + " is not a valid digest: \"" + Printable.of(digest) + "\"")),
                fields.size("size"),
                fields.object("platform").map(DescriptorReader::platform),
                shared(fields, "artifactType"),
                fields.object("annotations").map(DescriptorReader::annotations).orElse(Map.of()));
    }

    /** The platform of an index entry or a config. */
    static Platform platform(JsonFields fields) {
        return new Platform(
                shared(fields, "os"),
                shared(fields, "architecture"),
                shared(fields, "variant"),
                shared(fields, "os.version"),
                fields.texts("os.features"));
    }

    private static Map<String, String> annotations(JsonFields fields) {
        Map<String, String> texts = new HashMap<>();
        fields.asTexts().forEach((name, text) -> texts.put(InternedStrings.shared(name), InternedStrings.shared(text)));
        return texts;
    }

    private static String shared(JsonFields fields, String name) {
        return InternedStrings.shared(fields.text(name));
    }
}
