package dev.stowage.workload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.json.InvalidFieldException;
import dev.stowage.json.JsonFields;
import dev.stowage.workload.PodSpecs.Place;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds the pod specs in a Kubernetes object and reads the fields that Stowage needs. It supports Pod, Deployment, ReplicaSet,
 * StatefulSet, DaemonSet, Job, CronJob, ReplicationController, PodTemplate and the configured custom kinds; unknown fields
 * are ignored.
 */
public final class WorkloadReader {

    static final String MIRROR_ANNOTATION = "kubernetes.io/config.mirror";

    /** The annotation by which pods opt out of their namespace's mode. */
    public static final String MODE_ANNOTATION = "stowage.dev/mode";

    /** The label of Namespaces, of which reviews need it. */
    static final String MODE_LABEL = MODE_ANNOTATION;

    /** The label of a Namespace that steers its pods. */
    public static final String STEERING_LABEL = "stowage.dev/steering";

    /** The longest value that is kept of it, as of a label; every valid one is shorter. */
    private static final int MODE_LENGTH = 63;

    private static final List<String> POD = List.of("spec");
    private static final List<String> TEMPLATE = List.of("spec", "template", "spec");

    /** The paths of the pod spec, by group and kind: a Job of another group is another kind. */
    private static final Map<String, List<String>> KINDS = Map.of(
            "/Pod", POD,
            "/ReplicationController", TEMPLATE,
            "/PodTemplate", List.of("template", "spec"),
            "apps/Deployment", TEMPLATE,
            "apps/ReplicaSet", TEMPLATE,
            "apps/StatefulSet", TEMPLATE,
            "apps/DaemonSet", TEMPLATE,
            "batch/Job", TEMPLATE,
            "batch/CronJob", List.of("spec", "jobTemplate", "spec", "template", "spec"));

    private static final String IMPLIED_PATH = "";

    private final WorkloadSettings settings;
    private final ObjectFields needed;
    private final ObjectFields stored;
    private final ReviewBudget budget;

    /** Reads the built-in kinds. */
    public WorkloadReader() {
        this(List.of());
    }

    /** Reads the built-in kinds and these. */
    public WorkloadReader(List<CustomKind> customKinds) {
        this(new WorkloadSettings(customKinds, List.of()), ReviewBudget.DEFAULT);
    }

    /** Reads the built-in kinds and those of the settings, up to these limits. */
    public WorkloadReader(WorkloadSettings settings, ReviewBudget budget) {
        List<CustomKind> customKinds = settings.customKinds();
        this.settings = settings;
        this.needed = new ObjectFields(NeededFields.of(customKinds), customKinds);
        this.stored = new ObjectFields(NeededFields.ofStored(customKinds), customKinds);
        this.budget = Objects.requireNonNull(budget, "budget");
    }

    /** The largest workload that is checked. */
    public ReviewBudget budget() {
        return budget;
    }

    /**
     * Reads one object of a kind that has one pod spec.
     *
     * @param object the object as JSON, complete or with the needed fields only
     * @return the first of {@link #readAll}
     */
    public Optional<Workload> read(JsonNode object) {
        return readAll(object).stream().findFirst().map(PodTemplate::workload);
    }

    /**
     * Reads one object.
     *
     * @param object the object as JSON, complete or with the needed fields only
     * @return the workload with each of its pod specs; none if the kind contains no pods, or an object of a custom kind has no pod spec
     * @throws InvalidWorkloadException if a needed field has a type that Kubernetes does not allow
     */
    public List<PodTemplate> readAll(JsonNode object) {
        if (!object.isObject()) {
            throw new InvalidWorkloadException(
                    "a Kubernetes object must be an object, not " + JsonFields.typeOf(object));
        }
        try {
            String apiVersion = object.path("apiVersion").asText();
            String kind = object.path("kind").asText();
            List<String> path = apiVersion.isEmpty() ? null : KINDS.get(group(apiVersion) + "/" + kind);
            return path == null ? custom(object, apiVersion, kind) : List.of(builtIn(object, kind, path));
        } catch (InvalidFieldException e) {
            throw new InvalidWorkloadException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads an object of any kind by the shape of its pod specs.
     *
     * @throws InvalidWorkloadException as {@link #readAll}
     */
    public List<PodTemplate> readByShape(JsonNode object) {
        try {
            return PodSpecs.byShape(object).stream()
                    .map(place -> new PodTemplate(place.path(), workload(object, place, true)))
                    .toList();
        } catch (InvalidFieldException e) {
            throw new InvalidWorkloadException(String.valueOf(e.getMessage()));
        }
    }

    /** Whether this is a pod spec by its shape: a list of containers, of which at least one has an image. */
    public static boolean isPodSpec(JsonNode value) {
        return PodSpecs.isPodSpec(value);
    }

    private PodTemplate builtIn(JsonNode object, String kind, List<String> path) {
        Place place = PodSpecs.at(object, path).stream()
                .findFirst()
                .orElseThrow(() -> InvalidWorkloadException.missing(String.join(".", path)));
        return new PodTemplate(IMPLIED_PATH, workload(object, place, path != POD));
    }

    private List<PodTemplate> custom(JsonNode object, String apiVersion, String kind) {
        List<CustomKind> entries = settings.customKinds().stream()
                .filter(custom -> custom.isOf(apiVersion, kind))
                .toList();
        Map<String, Place> places = new LinkedHashMap<>();
        for (CustomKind entry : entries) {
            (entry.byShape() ? PodSpecs.byShape(object) : PodSpecs.at(object, entry.fields()))
                    .forEach(place -> places.putIfAbsent(place.path(), place));
        }
        if (places.size() > PodTemplate.MAX) {
            throw PodSpecs.tooMany();
        }
        boolean implied =
                entries.size() == 1 && places.containsKey(entries.get(0).podSpecPath());
        return places.values().stream()
                .map(place -> new PodTemplate(implied ? IMPLIED_PATH : place.path(), workload(object, place, true)))
                .toList();
    }

    private static String group(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    /**
     * Parses the fields of an object that {@link #read} needs, and the deletion timestamp, and skips the rest. What exceeds the budget
     * is skipped, too, in time that depends on the number of bytes alone.
     *
     * @param parser a parser at the object's first token; it ends at the last
     * @return the needed fields; the value itself if it is not an object
     * @throws IOException if the parser fails
     */
    public ReducedObject reduce(JsonParser parser) throws IOException {
        ReductionLimits limits = new ReductionLimits(budget);
        return limits.reduced(needed.read(parser, limits, "", ""));
    }

    /**
     * The same of an object from the API server, with its identity, its owners and whether it has ended. The only limit is the default
     * one of selector values; what else is needed is kept.
     *
     * @param apiVersion its API version if it does not say it itself, as an item of a list; else empty
     * @param kind its kind likewise
     */
    public ReducedObject readStored(JsonParser parser, String apiVersion, String kind) throws IOException {
        ReductionLimits limits = ReductionLimits.ofStored();
        return limits.reduced(stored.read(parser, limits, apiVersion, kind));
    }

    private Workload workload(JsonNode object, Place place, boolean template) {
        JsonFields root = new JsonFields(object, "");
        String kind = root.text("kind");
        Predicate<String> placeholder =
                template ? PodSpecReader.placeholder(place.metadata(), settings::isPlaceholder) : image -> false;
        PodSpecReader spec = new PodSpecReader(place.spec(), placeholder);
        Optional<JsonFields> metadata = root.object("metadata");
        return new Workload(
                kind,
                metadata.map(fields -> fields.text("namespace")).orElse(""),
                metadata.map(WorkloadReader::name).orElse(""),
                spec.images(),
                spec.scheduling(kind.equals("DaemonSet"), template),
                spec.pullSecrets(),
                spec.serviceAccount(),
                spec.runtimeClass(),
                template,
                metadata.map(this::isOwned).orElse(false),
                kind.equals("Pod")
                        && metadata.flatMap(fields -> fields.object("annotations"))
                                .map(annotations -> annotations.has(MIRROR_ANNOTATION))
                                .orElse(false),
                kind.equals("Pod") ? metadata.flatMap(this::uncheckedOwner) : Optional.empty(),
                spec.placedLater() || Queues.place(kind, root),
                mode(place.metadata()));
    }

    private static Optional<String> mode(JsonNode metadata) {
        return Optional.of(metadata.path("annotations").path(MODE_ANNOTATION))
                .filter(JsonNode::isTextual)
                .map(value -> value.textValue()
                        .substring(0, Math.min(value.textValue().length(), MODE_LENGTH)));
    }

    private static String name(JsonFields metadata) {
        return metadata.someText("name")
                .or(() -> metadata.someText("generateName").map(prefix -> prefix + "*"))
                .orElse("");
    }

    /** The controlling owner that an object names; empty if there is none, or the object cannot be read. */
    public static Optional<ControllingOwner> controllingOwner(JsonNode object) {
        try {
            return new JsonFields(object, "").object("metadata").flatMap(WorkloadReader::controllingOwner);
        } catch (InvalidFieldException e) {
            return Optional.empty();
        }
    }

    private static Optional<ControllingOwner> controllingOwner(JsonFields metadata) {
        return metadata.objects("ownerReferences").stream()
                .filter(owner -> owner.flag("controller"))
                .findFirst()
                .map(owner -> new ControllingOwner(
                        owner.text("apiVersion"), owner.text("kind"), owner.text("name"), owner.text("uid")));
    }

    /** Whether it has a controlling owner of a kind whose images are checked when it is applied. */
    private boolean isOwned(JsonFields metadata) {
        return metadata.objects("ownerReferences").stream()
                .anyMatch(owner ->
                        owner.flag("controller") && isWorkload(group(owner.text("apiVersion")), owner.text("kind")));
    }

    private Optional<ControllingOwner> uncheckedOwner(JsonFields metadata) {
        return controllingOwner(metadata).filter(owner -> !isWorkload(group(owner.apiVersion()), owner.kind()));
    }

    private boolean isWorkload(String group, String kind) {
        return KINDS.containsKey(group + "/" + kind)
                || settings.customKinds().stream()
                        .anyMatch(custom ->
                                custom.group().equals(group) && custom.kind().equals(kind));
    }
}
