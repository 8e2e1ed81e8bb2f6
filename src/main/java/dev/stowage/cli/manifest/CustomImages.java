package dev.stowage.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.image.ImageReference;
import dev.stowage.image.InvalidReferenceException;
import dev.stowage.workload.WorkloadReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The images that a custom resource names outside its pod templates, as operators take them: {@code spec.image},
 * {@code spec.sidecarImage}, {@code image: {repository, tag}}. What is not clearly a reference is passed over: other kinds have
 * machine images and pictures in such fields.
 */
final class CustomImages {

    private static final Set<String> NOT_SEARCHED = Set.of("apiVersion", "kind", "metadata", "status");

    /** What a build pushes need not exist. */
    private static final String BUILT = "output";

    private static final Set<String> POD_LISTS =
            Set.of("containers", "initContainers", "ephemeralContainers", "volumes");
    private static final Pattern FILE = Pattern.compile(
            ".*\\.(png|svg|jpe?g|gif|ico|webp|iso|qcow2|img|vmdk|vhdx?|raw|ova|tar|t?gz|xz|zip)",
            Pattern.CASE_INSENSITIVE);
    private static final int MOST = 1_000;
    private static final int LONGEST_PATH = 200;

    /**
     * An image.
     *
     * @param path the field that names it
     * @param image the reference
     * @param within the object that contains the field
     */
    record Found(String path, String image, JsonNode within) {}

    private final List<Found> found = new ArrayList<>();

    private CustomImages() {}

    /** The images of this object, in its order. */
    static List<Found> of(JsonNode object) {
        CustomImages images = new CustomImages();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!NOT_SEARCHED.contains(field.getKey())) {
                images.field(object, field.getKey(), field.getValue(), extended("", field.getKey()));
            }
        }
        return images.found;
    }

    private void field(JsonNode object, String name, JsonNode value, String path) {
        if (name.equals(BUILT)) {
            return;
        }
        Optional<String> image = isImage(name) ? reference(object, name, value) : Optional.empty();
        if (image.isPresent()) {
            if (found.size() < MOST) {
                found.add(new Found(path, image.get(), value.isObject() ? value : object));
            }
        } else {
            search(value, path);
        }
    }

    private void search(JsonNode value, String path) {
        int index = 0;
        if (value.isArray()) {
            for (JsonNode item : value) {
                search(item, extended(path, "[" + index++ + "]"));
            }
        }
        boolean podSpec = WorkloadReader.isPodSpec(value);
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            if (!podSpec || !POD_LISTS.contains(field.getKey())) {
                field(value, field.getKey(), field.getValue(), extended(path, "." + field.getKey()));
            }
        }
    }

    /** Only as far as somebody would read it, so that the time stays linear. */
    private static String extended(String path, String name) {
        return path.length() > LONGEST_PATH ? path : path + name.substring(0, Math.min(name.length(), LONGEST_PATH));
    }

    private static boolean isImage(String name) {
        return name.equals("image") || name.equals("imageName") || name.endsWith("Image");
    }

    private static Optional<String> reference(JsonNode object, String name, JsonNode value) {
        if (value.isObject()) {
            return text(value, "repository").flatMap(repository -> composed(value, repository));
        }
        if (!value.isTextual()) {
            return Optional.empty();
        }
        String image = value.textValue();
        boolean pinned = isPinned(image);
        if (name.equals("image") && !pinned) {
            Optional<String> repository = text(object, "repository");
            String full = repository.map(base -> base + "/" + image).orElse(image);
            boolean partial = repository.isPresent() || object.has("registry") || object.has("tag");
            return partial ? composed(object, full) : valid(image).filter(CustomImages::namesHost);
        }
        return pinned ? valid(image) : Optional.empty();
    }

    /** With the registry, and with the tag or digest, that are in fields of their own. */
    private static Optional<String> composed(JsonNode parts, String repository) {
        String full = text(parts, "registry")
                .map(registry -> registry + "/" + repository)
                .orElse(repository);
        return text(parts, "digest")
                .map(digest -> full + "@" + digest)
                .or(() -> text(parts, "tag").map(tag -> full + ":" + tag))
                .flatMap(CustomImages::valid);
    }

    private static Optional<String> text(JsonNode object, String name) {
        return Optional.of(object.path(name))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .filter(text -> !text.isEmpty());
    }

    private static Optional<String> valid(String image) {
        try {
            ImageReference.parse(image);
            return FILE.matcher(image).matches() ? Optional.empty() : Optional.of(image);
        } catch (InvalidReferenceException e) {
            return Optional.empty();
        }
    }

    /** Whether it has a tag or digest. */
    private static boolean isPinned(String image) {
        return image.indexOf(':', image.lastIndexOf('/') + 1) > 0 || image.contains("@");
    }

    private static boolean namesHost(String image) {
        int slash = image.indexOf('/');
        return slash > 0 && (image.lastIndexOf('.', slash) > 0 || image.lastIndexOf(':', slash) > 0);
    }
}
