package dev.stowage.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.image.Printable;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.InvalidWorkloadException;
import dev.stowage.workload.PodTemplate;
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
import java.util.regex.Pattern;

/**
 * Finds the workloads of manifests: several documents of YAML or JSON, {@code List}s and other {@code …List} kinds of objects,
 * as Helm, kustomize or kubectl write them. Pod templates of kinds that are not built in are found by their
 * shape. Kinds without pods are counted and skipped.
 */
public final class ManifestReader {

    private static final String RENDER = "render it first: helm template … | stowage check -f -";

    private static final Pattern PARAMETER = Pattern.compile("\\{\\{|\\$[({]");

    private final WorkloadReader workloads;
    private final boolean customImages;
    private final List<ManifestWorkload> found = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();
    private int passedOver;

    /**
     * @param workloads reads what a pod spec contains
     * @param customImages whether images count that custom resources name outside pod templates
     */
    public ManifestReader(WorkloadReader workloads, boolean customImages) {
        this.workloads = workloads;
        this.customImages = customImages;
    }

    /** The workloads read so far, in the order of the input. */
    public List<ManifestWorkload> found() {
        return List.copyOf(found);
    }

    /** The number of objects read so far that contain no pods. */
    public int passedOver() {
        return passedOver;
    }

    /** The objects of files in folders that could not be read so far, a sentence each. */
    public List<String> skipped() {
        return List.copyOf(skipped);
    }

    /**
     * Reads an input to its end, document by document.
     *
     * @param file its name for messages; {@code -} for standard input
     * @param input its bytes; not closed
     * @param aside whether it was merely found in a folder, so that files which are not manifests are skipped, and objects that cannot be
     *     read do not end it
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
                objects += read(new ManifestObject(file, document.line(), document.value(), document.lines()), aside);
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

    private int read(ManifestObject object, boolean aside) throws UnreadableManifestException {
        try {
            return object(object, aside);
        } catch (UnreadableManifestException e) {
            if (!aside) {
                throw e;
            }
            skipped.add(String.valueOf(e.getMessage()));
            return 1;
        }
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
        List<ManifestWorkload> workloadsOfObject = workloads(object);
        if (workloadsOfObject.isEmpty()) {
            passedOver++;
        }
        found.addAll(workloadsOfObject);
        return 1;
    }

    private List<ManifestWorkload> workloads(ManifestObject object) throws UnreadableManifestException {
        if (object.isPatch()) {
            return List.of();
        }
        List<ManifestWorkload> all = new ArrayList<>();
        try {
            List<PodTemplate> templates = new ArrayList<>(workloads.readAll(object.object()));
            if (object.isCustom()) {
                addByShape(templates, object);
            }
            for (PodTemplate template : templates) {
                all.add(workload(object, template));
            }
        } catch (InvalidWorkloadException e) {
            if (!e.podSpecMissing()) {
                throw new UnreadableManifestException(place(object, object.line()) + ": " + e.getMessage());
            }
        }
        if (customImages && object.isCustom()) {
            CustomImages.of(object.object()).forEach(image -> all.add(image(object, image)));
        }
        return all;
    }

    /** What only looks like a pod spec is not an error. */
    private void addByShape(List<PodTemplate> templates, ManifestObject object) {
        List<PodTemplate> byShape;
        try {
            byShape = workloads.readByShape(object.object());
        } catch (InvalidWorkloadException e) {
            return;
        }
        for (PodTemplate template : byShape) {
            boolean known = templates.stream().map(PodTemplate::workload).anyMatch(template.workload()::equals);
            if (!known) {
                templates.add(withoutParameters(template));
            }
        }
    }

    /** The controllers of custom kinds replace parameters, as those of Argo and Tekton do. */
    private static PodTemplate withoutParameters(PodTemplate template) {
        List<ImageUse> images = template.workload().images().stream()
                .map(use -> PARAMETER.matcher(use.image()).find()
                        ? new ImageUse(use.role(), use.name(), "", use.neverPulled(), use.data())
                        : use)
                .toList();
        return new PodTemplate(template.path(), template.workload().withImages(images));
    }

    private static ManifestWorkload image(ManifestObject object, CustomImages.Found found) {
        JsonNode metadata = object.object().path("metadata");
        ImageUse use = new ImageUse(ImageUse.Role.MAIN, found.path(), found.image(), false);
        Workload workload = Workload.withoutImages(
                        object.kind(),
                        metadata.path("namespace").asText(""),
                        metadata.path("name").asText(""),
                        false)
                .withImages(List.of(use));
        return new ManifestWorkload(workload, "", false, object.file(), Map.of(use, object.lineOf(found.within())));
    }

    /** Items of typed lists, as the API server sends them, may leave out the kind that their list implies. */
    private void items(ManifestObject list, boolean aside) throws UnreadableManifestException {
        String implied = list.kind().substring(0, list.kind().length() - "List".length());
        for (JsonNode item : list.object().path("items")) {
            if (item instanceof ObjectNode object && !object.has("kind") && !implied.isEmpty()) {
                object.put("kind", implied);
                object.set("apiVersion", list.object().path("apiVersion"));
            }
            read(new ManifestObject(list.file(), list.lineOf(item), item, list.lines()), aside);
        }
    }

    private static ManifestWorkload workload(ManifestObject object, PodTemplate template)
            throws UnreadableManifestException {
        Workload workload = template.workload();
        Map<Naming, JsonNode> named = new HashMap<>();
        collectNames(object.object(), named);
        Map<ImageUse, Integer> imageLines = new HashMap<>();
        for (ImageUse use : workload.images()) {
            JsonNode naming = named.get(new Naming(use.role() == ImageUse.Role.VOLUME, use.name(), use.image()));
            int line = naming == null ? object.line() : object.lineOf(naming);
            if (use.image().contains("{{") && !object.isCustom()) {
                throw new UnreadableManifestException(place(object, line) + ": the image of " + Printable.of(use.name())
                        + " is template code (" + Printable.of(use.image()) + "); " + RENDER);
            }
            imageLines.putIfAbsent(use, line);
        }
        return new ManifestWorkload(workload, template.path(), true, object.file(), imageLines);
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
