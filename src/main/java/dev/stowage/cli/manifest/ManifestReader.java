package dev.stowage.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.image.Printable;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.InvalidWorkloadException;
import dev.stowage.workload.Workload;
import dev.stowage.workload.WorkloadReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the workloads of manifests: several documents of YAML or JSON, {@code List}s and other {@code …List} kinds of objects,
 * as Helm, kustomize or kubectl write them. Kinds without pods are counted and skipped.
 */
public final class ManifestReader {

    private static final String RENDER = "render it first: helm template … | stowage check -f -";

    private final WorkloadReader workloads;
    private final List<ManifestWorkload> found = new ArrayList<>();
    private int passedOver;

    /** A reader of manifests that leaves what a pod spec contains to this one. */
    public ManifestReader(WorkloadReader workloads) {
        this.workloads = workloads;
    }

    /** The workloads read so far, in the order of the input. */
    public List<ManifestWorkload> found() {
        return List.copyOf(found);
    }

    /** The number of objects read so far that contain no pods. */
    public int passedOver() {
        return passedOver;
    }

    /**
     * Reads an input to its end, document by document.
     *
     * @param file its name for messages; {@code -} for standard input
     * @param input its bytes; not closed
     * @param aside whether it was merely found in a folder, so that files which are not manifests are skipped
     * @throws UnreadableManifestException when it cannot be read; what stood before that place was read
     */
    public void read(String file, InputStream input, boolean aside) throws UnreadableManifestException, IOException {
        InputText text = InputText.of(input);
        int documents = 0;
        int objects = 0;
        try {
            Documents parsed = text.beginsAsJson() ? new JsonDocuments(text) : new YamlDocuments(text);
            for (Optional<Documents.Document> next = parsed.next(); next.isPresent(); next = parsed.next()) {
                Documents.Document document = next.get();
                documents++;
                if (document.value().isNull()) {
                    continue;
                }
                objects += object(new ManifestObject(file, document.line(), document.value(), document.lines()), aside);
            }
        } catch (CharacterCodingException e) {
            throw new UnreadableManifestException(shown(file) + " is not text in UTF-8; it seems to be binary");
        } catch (MalformedException e) {
            throw new UnreadableManifestException(malformed(file, e, documents + 1, text.templateLine()));
        }
        if (objects == 0 && !aside) {
            throw new UnreadableManifestException(shown(file) + " contains no Kubernetes object"
                    + ("-".equals(file) ? "; did the command before the pipe fail?" : ""));
        }
    }

    private static String malformed(String file, MalformedException e, int document, int templateLine) {
        String where = e.line() > 0 ? ", line " + e.line() : "";
        String message = shown(file) + where + " (document " + document + ") " + e.getMessage();
        return templateLine == 0
                ? message
                : message + "; line " + templateLine
                        + " contains template code ({{ … }}): if this is a chart's template, " + RENDER;
    }

    private int object(ManifestObject object, boolean aside) throws UnreadableManifestException {
        if (object.kind().isEmpty()) {
            if (aside) {
                passedOver++;
                return 0;
            }
            String what = object.object().isObject() ? "has no kind" : "is not a mapping";
            throw new UnreadableManifestException(
                    place(object, object.line()) + " " + what + ", so it is not a Kubernetes object");
        }
        if (object.isList()) {
            items(object, aside);
            return 1;
        }
        try {
            Optional<Workload> workload = workloads.read(object.object());
            if (workload.isPresent()) {
                found.add(workload(object, workload.get()));
            } else {
                passedOver++;
            }
            return 1;
        } catch (InvalidWorkloadException e) {
            throw new UnreadableManifestException(place(object, object.line()) + ": " + e.getMessage());
        }
    }

    /** Items of typed lists, as the API server sends them, may leave out the kind that their list implies. */
    private void items(ManifestObject list, boolean aside) throws UnreadableManifestException {
        String implied = list.kind().substring(0, list.kind().length() - "List".length());
        for (JsonNode item : list.object().path("items")) {
            if (item instanceof ObjectNode object && !object.has("kind") && !implied.isEmpty()) {
                object.put("kind", implied);
                object.set("apiVersion", list.object().path("apiVersion"));
            }
            object(new ManifestObject(list.file(), list.lineOf(item), item, list.lines()), aside);
        }
    }

    private static ManifestWorkload workload(ManifestObject object, Workload workload)
            throws UnreadableManifestException {
        Map<Naming, JsonNode> named = new HashMap<>();
        collectNames(object.object(), named);
        Map<ImageUse, Integer> imageLines = new HashMap<>();
        for (ImageUse use : workload.images()) {
            JsonNode naming = named.get(new Naming(use.role() == ImageUse.Role.VOLUME, use.name(), use.image()));
            int line = naming == null ? object.line() : object.lineOf(naming);
            if (use.image().contains("{{")) {
                throw new UnreadableManifestException(place(object, line) + ": the image of " + Printable.of(use.name())
                        + " is template code (" + Printable.of(use.image()) + "); " + RENDER);
            }
            imageLines.putIfAbsent(use, line);
        }
        return new ManifestWorkload(workload, object.file(), imageLines);
    }

    /** The element that names an image: a container, or the volume around an image volume's source. */
    private record Naming(boolean volume, String name, String image) {}

    /** The containers and volumes of an object, wherever its kind keeps its pod spec. */
    private static void collectNames(JsonNode within, Map<Naming, JsonNode> named) {
        if (within.isObject()) {
            String name = within.path("name").asText("");
            JsonNode image = within.path("image");
            named.putIfAbsent(new Naming(false, name, image.asText("")), within);
            named.putIfAbsent(new Naming(true, name, image.path("reference").asText("")), image);
        }
        for (JsonNode part : within) {
            if (part.isContainerNode()) {
                collectNames(part, named);
            }
        }
    }

    private static String place(ManifestObject object, int line) {
        return shown(object.file()) + ", line " + line;
    }

    private static String shown(String file) {
        return "-".equals(file) ? "standard input" : Printable.of(file);
    }
}
