package dev.stowage.workload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.json.InvalidFieldException;
import dev.stowage.json.JsonFields;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds the pod spec in a Kubernetes object and reads the fields that Stowage needs. It supports Pod, Deployment, ReplicaSet,
 * StatefulSet, DaemonSet, Job, CronJob, ReplicationController, PodTemplate and the configured custom kinds; unknown fields
 * are ignored.
 */
public final class WorkloadReader {

    static final String MIRROR_ANNOTATION = "kubernetes.io/config.mirror";

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

    private final List<CustomKind> customKinds;
    private final NeededFields needed;
    private final NeededFields stored;
    private final ReviewBudget budget;

    /** Reads the built-in kinds. */
    public WorkloadReader() {
        this(List.of());
    }

    /** Reads the built-in kinds and these. */
    public WorkloadReader(List<CustomKind> customKinds) {
        this(customKinds, ReviewBudget.DEFAULT);
    }

    /** Reads the built-in kinds and these, up to these limits. */
    public WorkloadReader(List<CustomKind> customKinds, ReviewBudget budget) {
        this.customKinds = List.copyOf(customKinds);
        this.needed = NeededFields.of(this.customKinds);
        this.stored = NeededFields.ofStored(this.customKinds);
        this.budget = Objects.requireNonNull(budget, "budget");
    }

    /** The largest workload that is checked. */
    public ReviewBudget budget() {
        return budget;
    }

    /**
     * Reads one object.
     *
     * @param object the object as JSON, complete or with the needed fields only
     * @return the workload; empty if the kind contains no pods, or an object of a custom kind has no pod spec
     * @throws InvalidWorkloadException if a needed field has a type that Kubernetes does not allow
     */
    public Optional<Workload> read(JsonNode object) {
        if (!object.isObject()) {
            throw new InvalidWorkloadException(
                    "a Kubernetes object must be an object, not " + JsonFields.typeOf(object));
        }
        try {
            return read(new JsonFields(object, ""));
        } catch (InvalidFieldException e) {
            throw new InvalidWorkloadException(String.valueOf(e.getMessage()));
        }
    }

    private Optional<Workload> read(JsonFields root) {
        String apiVersion = root.text("apiVersion");
        String kind = root.text("kind");
        String group = group(apiVersion);
        List<String> path = apiVersion.isEmpty() ? null : KINDS.get(group + "/" + kind);
        if (path != null) {
            boolean template = path != POD;
            String where = String.join(".", path);
            return Optional.of(podSpec(root, path)
                    .map(spec -> workload(kind, root, new PodSpecReader(spec), template))
                    .orElseThrow(() -> new InvalidWorkloadException(where + " is missing")));
        }
        return customPath(group, apiVersion.substring(apiVersion.indexOf('/') + 1), kind)
                .flatMap(custom -> podSpec(root, custom))
                .map(spec -> workload(kind, root, new PodSpecReader(spec), true));
    }

    private static String group(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    private static Optional<JsonFields> podSpec(JsonFields root, List<String> path) {
        Optional<JsonFields> spec = Optional.of(root);
        for (String field : path) {
            spec = spec.flatMap(fields -> fields.object(field));
        }
        return spec;
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
        return limits.reduced(needed.read(parser, limits));
    }

    /** The same of an object from the API server, without limits: with its identity, its owners and whether it has ended. */
    public JsonNode readStored(JsonParser parser) throws IOException {
        return stored.read(parser, ReductionLimits.none());
    }

    private Optional<List<String>> customPath(String group, String version, String kind) {
        return customKinds.stream()
                .filter(custom -> custom.isOf(group, version, kind))
                .findFirst()
                .map(CustomKind::fields);
    }

    private Workload workload(String kind, JsonFields root, PodSpecReader spec, boolean template) {
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
                spec.placedLater() || Queues.place(kind, root));
    }

    private static String name(JsonFields metadata) {
        return metadata.someText("name")
                .or(() -> metadata.someText("generateName").map(prefix -> prefix + "*"))
                .orElse("");
    }

    /** Whether it has a controlling owner of a kind whose images are checked when it is applied. */
    private boolean isOwned(JsonFields metadata) {
        return metadata.objects("ownerReferences").stream()
                .anyMatch(owner ->
                        owner.flag("controller") && isWorkload(group(owner.text("apiVersion")), owner.text("kind")));
    }

    private Optional<ControllingOwner> uncheckedOwner(JsonFields metadata) {
        return metadata.objects("ownerReferences").stream()
                .filter(owner -> owner.flag("controller"))
                .findFirst()
                .filter(owner -> !isWorkload(group(owner.text("apiVersion")), owner.text("kind")))
                .map(owner -> new ControllingOwner(
                        owner.text("apiVersion"), owner.text("kind"), owner.text("name"), owner.text("uid")));
    }

    private boolean isWorkload(String group, String kind) {
        return KINDS.containsKey(group + "/" + kind)
                || customKinds.stream()
                        .anyMatch(custom ->
                                custom.group().equals(group) && custom.kind().equals(kind));
    }
}
