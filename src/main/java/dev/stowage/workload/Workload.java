package dev.stowage.workload;

import dev.stowage.node.SchedulingRules;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A Pod, or an object with a template of pods, reduced to the fields that Stowage needs.
 *
 * @param kind the kind, for example {@code Deployment}
 * @param namespace the namespace; empty if the manifest has none
 * @param name the name; {@code generateName} with a trailing {@code *} if there is no name yet
 * @param images all images of its pods, in the order init containers, containers, ephemeral containers, volumes
 * @param scheduling the rules for the nodes of its pods
 * @param pullSecrets the names of its {@code imagePullSecrets}, in order
 * @param serviceAccount its {@code serviceAccountName}; {@code default} if it has none
 * @param runtimeClass its {@code runtimeClassName}
 * @param template whether it contains a template of pods, to which admission has not yet added defaults
 * @param owned whether the object has a controlling owner whose images were checked when it was applied
 * @param mirror whether it is a mirror pod, which already runs
 * @param uncheckedOwner of a pod its controlling owner, if that is of a kind whose images are not checked
 * @param placedLater whether something else decides later on which nodes its pods run, such as Kueue
 * @param modeAnnotation the value of its pods' annotation {@link WorkloadReader#MODE_ANNOTATION}, valid or not
 */
@RecordBuilder
public record Workload(
        String kind,
        String namespace,
        String name,
        List<ImageUse> images,
        SchedulingRules scheduling,
        List<String> pullSecrets,
        String serviceAccount,
        Optional<String> runtimeClass,
        boolean template,
        boolean owned,
        boolean mirror,
        Optional<ControllingOwner> uncheckedOwner,
        boolean placedLater,
        Optional<String> modeAnnotation)
        implements WorkloadBuilder.With {
    public Workload {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(name, "name");
        images = List.copyOf(images);
        Objects.requireNonNull(scheduling, "scheduling");
        pullSecrets = List.copyOf(pullSecrets);
        Objects.requireNonNull(serviceAccount, "serviceAccount");
        Objects.requireNonNull(runtimeClass, "runtimeClass");
        Objects.requireNonNull(uncheckedOwner, "uncheckedOwner");
        Objects.requireNonNull(modeAnnotation, "modeAnnotation");
    }

    /** A workload without an unchecked owner, whose nodes are decided by its rules alone. */
    public Workload(
            String kind,
            String namespace,
            String name,
            List<ImageUse> images,
            SchedulingRules scheduling,
            List<String> pullSecrets,
            String serviceAccount,
            Optional<String> runtimeClass,
            boolean template,
            boolean owned,
            boolean mirror) {
        this(
                kind,
                namespace,
                name,
                images,
                scheduling,
                pullSecrets,
                serviceAccount,
                runtimeClass,
                template,
                owned,
                mirror,
                Optional.empty(),
                false,
                Optional.empty());
    }

    /** A workload without images, of which nothing else is known. */
    public static Workload withoutImages(String kind, String namespace, String name, boolean owned) {
        return new Workload(
                kind,
                namespace,
                name,
                List.of(),
                SchedulingRules.NONE,
                List.of(),
                "default",
                Optional.empty(),
                true,
                owned,
                false);
    }
}
