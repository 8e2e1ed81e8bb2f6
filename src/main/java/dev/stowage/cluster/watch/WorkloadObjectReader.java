package dev.stowage.cluster.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Interner;
import dev.stowage.node.SchedulingRules;
import dev.stowage.workload.CustomKind;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.InvalidWorkloadException;
import dev.stowage.workload.ObservedWorkload;
import dev.stowage.workload.ObservedWorkload.Owner;
import dev.stowage.workload.Workload;
import dev.stowage.workload.WorkloadReader;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Optional;

/**
 * Translates the cluster's pods and their makers. What the pods of one template have in common is kept once, which is most of
 * what is kept at all.
 */
final class WorkloadObjectReader {

    private final WorkloadReader workloads;
    private final KubernetesSerialization serialization;
    private final Interner<List<ImageUse>> images = Interner.newWeakInterner();
    private final Interner<SchedulingRules> rules = Interner.newWeakInterner();
    private final Interner<Owner> owners = Interner.newWeakInterner();

    WorkloadObjectReader(KubernetesSerialization serialization, List<CustomKind> customKinds) {
        this.workloads = new WorkloadReader(customKinds);
        this.serialization = serialization;
    }

    /** What cannot be read names no image that could be said anything of. */
    ObservedWorkload read(HasMetadata object) {
        boolean ended = ended(object);
        // most of the object, and nothing of it is needed
        object.getMetadata().setManagedFields(null);
        if (object instanceof Pod pod) {
            pod.setStatus(null);
        }
        Optional<Owner> owner = owner(object);
        Workload workload;
        try {
            workload = workloads
                    .read(serialization.convertValue(object, JsonNode.class))
                    .orElseGet(() -> withoutImages(object, owner));
        } catch (InvalidWorkloadException e) {
            workload = withoutImages(object, owner);
        }
        boolean placed = object instanceof Pod && owner.isPresent();
        return new ObservedWorkload(
                shared(workload, placed),
                object.getApiVersion(),
                object.getMetadata().getUid(),
                owner,
                ended);
    }

    /** It cannot be read, or it names another object's template as its own, as a Rollout may. */
    private static Workload withoutImages(HasMetadata object, Optional<Owner> owner) {
        return Workload.withoutImages(
                object.getKind(),
                object.getMetadata().getNamespace(),
                object.getMetadata().getName(),
                owner.isPresent());
    }

    private Workload shared(Workload workload, boolean placed) {
        SchedulingRules scheduling = workload.scheduling();
        return workload.with(copy -> copy.namespace(workload.namespace().intern())
                .images(images.intern(workload.images()))
                .scheduling(rules.intern(placed ? scheduling.withNodeName(Optional.empty()) : scheduling))
                .serviceAccount(workload.serviceAccount().intern()));
    }

    private Optional<Owner> owner(HasMetadata object) {
        for (OwnerReference reference : object.getMetadata().getOwnerReferences()) {
            if (Boolean.TRUE.equals(reference.getController())) {
                return Optional.of(owners.intern(new Owner(reference.getKind(), reference.getName())));
            }
        }
        return Optional.empty();
    }

    private static boolean ended(HasMetadata object) {
        if (object instanceof Pod pod && pod.getStatus() != null) {
            String phase = pod.getStatus().getPhase();
            return "Succeeded".equals(phase) || "Failed".equals(phase);
        }
        return object instanceof Job job
                && job.getStatus() != null
                && job.getStatus().getConditions().stream()
                        .anyMatch(condition -> "True".equals(condition.getStatus())
                                && ("Complete".equals(condition.getType()) || "Failed".equals(condition.getType())));
    }
}
