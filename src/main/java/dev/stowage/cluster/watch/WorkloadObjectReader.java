package dev.stowage.cluster.watch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Interner;
import dev.stowage.kube.OddObjects;
import dev.stowage.node.SchedulingRules;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.InvalidWorkloadException;
import dev.stowage.workload.ObservedWorkload;
import dev.stowage.workload.ObservedWorkload.Owner;
import dev.stowage.workload.PodTemplate;
import dev.stowage.workload.ReducedObject;
import dev.stowage.workload.ReviewBudget;
import dev.stowage.workload.Workload;
import dev.stowage.workload.WorkloadReader;
import dev.stowage.workload.WorkloadSettings;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Translates the cluster's pods and their makers. What the pods of one template have in common is kept once, which is most of
 * what is kept at all.
 */
final class WorkloadObjectReader {

    private static final Set<String> ENDED_PHASES = Set.of("Succeeded", "Failed");
    private static final Set<String> ENDED_CONDITIONS = Set.of("Complete", "Failed");

    /** Rules that no node fits: nothing is known, and so nothing is claimed, of where these pods run. */
    private static final SchedulingRules UNKNOWN_NODES =
            SchedulingRules.NONE.withRequiredAffinity(Optional.of(List.of()));

    private final WorkloadReader workloads;
    private final Interner<List<ImageUse>> images = Interner.newWeakInterner();
    private final Interner<SchedulingRules> rules = Interner.newWeakInterner();
    private final Interner<Owner> owners = Interner.newWeakInterner();

    private final boolean readsRequests;

    WorkloadObjectReader(WorkloadSettings settings) {
        this(settings, false);
    }

    /** @param readsRequests whether the resources that pods request are read, too */
    WorkloadObjectReader(WorkloadSettings settings, boolean readsRequests) {
        this.readsRequests = readsRequests;
        this.workloads = new WorkloadReader(settings, ReviewBudget.DEFAULT);
    }

    /**
     * Reads one object. Of one that cannot be read, or that names another object's template as its own, as a Rollout may, no images
     * are known.
     *
     * @param parser at the object's first token; afterwards at its last
     * @throws IOException if the text ends, or is not JSON
     */
    WatchedWorkload read(JsonParser parser) throws IOException {
        Optional<GenericKubernetesResourceList> list = list(parser);
        ReducedObject object = workloads.readStored(
                parser,
                list.map(GenericKubernetesResourceList::getApiVersion).orElse(""),
                list.map(WorkloadObjectReader::kindOfItems).orElse(""));
        ObjectNode fields = object.fields() instanceof ObjectNode read ? read : JsonNodeFactory.instance.objectNode();
        addType(fields, list);
        return read(fields, object.excess().isPresent());
    }

    /** The API server does not repeat it in the items of a list. */
    private static void addType(ObjectNode object, Optional<GenericKubernetesResourceList> list) {
        if (list.isPresent() && !object.has("kind")) {
            object.put("apiVersion", list.get().getApiVersion());
            object.put("kind", kindOfItems(list.get()));
        }
    }

    private static String kindOfItems(GenericKubernetesResourceList list) {
        return list.getKind().replaceFirst("List$", "");
    }

    /** The list that the current object is an item of, as far as it has been read. */
    private static Optional<GenericKubernetesResourceList> list(JsonParser parser) {
        for (JsonStreamContext at = parser.getParsingContext(); at != null; at = at.getParent()) {
            if (at.getCurrentValue() instanceof GenericKubernetesResourceList list && list.getKind() != null) {
                return Optional.of(list);
            }
        }
        return Optional.empty();
    }

    private WatchedWorkload read(ObjectNode object, boolean selectorsLeftOut) {
        boolean requesting = readsRequests && object.path("kind").asText().equals("Pod");
        Map<String, Requests> requests = requesting ? Requests.byImage(object.path("spec")) : Map.of();
        StoredBounds bounds = StoredBounds.reduce(object);
        String apiVersion = object.path("apiVersion").asText();
        String kind = object.path("kind").asText();
        ObjectMeta metadata = metadata(object.path("metadata"));
        Optional<Owner> owner = owner(object.path("metadata"));
        List<Workload> read = workloads(object, kind, metadata, owner);
        if (selectorsLeftOut || bounds.schedulingTooLarge()) {
            OddObjects.report(
                    kind,
                    metadata,
                    "has more than " + StoredLimits.SCHEDULING_VALUES
                            + " values in its scheduling rules; reports claim nothing of where its pods run");
            read = read.stream()
                    .map(workload -> workload.withScheduling(UNKNOWN_NODES))
                    .toList();
        }
        if (bounds.containersLeftOut() > 0) {
            OddObjects.report(
                    kind,
                    metadata,
                    "has too many containers or images; the last " + bounds.containersLeftOut()
                            + " of them are not reported");
        }
        boolean placed = kind.equals("Pod") && owner.isPresent();
        ObservedWorkload observed = new ObservedWorkload(
                read.stream().map(workload -> shared(workload, placed)).toList(),
                apiVersion.intern(),
                text(metadata.getUid()),
                owner,
                ended(object, kind));
        return new WatchedWorkload(apiVersion, kind, metadata, observed, requests);
    }

    private List<Workload> workloads(ObjectNode object, String kind, ObjectMeta metadata, Optional<Owner> owner) {
        List<Workload> read;
        try {
            read = workloads.readAll(object).stream().map(PodTemplate::workload).toList();
        } catch (InvalidWorkloadException e) {
            read = List.of();
        }
        return read.isEmpty()
                ? List.of(Workload.withoutImages(
                        kind, text(metadata.getNamespace()), text(metadata.getName()), owner.isPresent()))
                : read;
    }

    private static ObjectMeta metadata(JsonNode metadata) {
        ObjectMeta read = new ObjectMeta();
        read.setName(metadata.path("name").asText());
        read.setNamespace(metadata.path("namespace").asText(null));
        read.setUid(metadata.path("uid").asText(null));
        read.setResourceVersion(metadata.path("resourceVersion").asText(null));
        return read;
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }

    private Workload shared(Workload workload, boolean placed) {
        SchedulingRules scheduling = workload.scheduling();
        return workload.with(copy -> copy.namespace(workload.namespace().intern())
                .images(images.intern(workload.images()))
                .scheduling(rules.intern(placed ? scheduling.withNodeName(Optional.empty()) : scheduling))
                .serviceAccount(workload.serviceAccount().intern()));
    }

    private Optional<Owner> owner(JsonNode metadata) {
        for (JsonNode reference : metadata.path("ownerReferences")) {
            if (reference.path("controller").asBoolean()) {
                Owner owner = new Owner(
                        reference.path("kind").asText(), reference.path("name").asText());
                return owner.kind().length() + owner.name().length() > StoredLimits.TEXT
                        ? Optional.empty()
                        : Optional.of(owners.intern(owner));
            }
        }
        return Optional.empty();
    }

    private static boolean ended(JsonNode object, String kind) {
        JsonNode status = object.path("status");
        return switch (kind) {
            case "Pod" -> ENDED_PHASES.contains(status.path("phase").asText());
            case "Job" -> {
                boolean ended = false;
                for (JsonNode condition : status.path("conditions")) {
                    ended |= condition.path("status").asText().equals("True")
                            && ENDED_CONDITIONS.contains(condition.path("type").asText());
                }
                yield ended;
            }
            default -> false;
        };
    }
}
