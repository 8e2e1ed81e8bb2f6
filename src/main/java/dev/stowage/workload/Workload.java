package dev.stowage.workload;

import dev.stowage.node.SchedulingRules;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A Pod, or an object with a template of pods, reduced to what Stowage decides on.
 *
 * @param kind the kind, for example {@code Deployment}
 * @param namespace the namespace; empty where the manifest names none
 * @param name the name; {@code generateName} with a trailing {@code *} where there is no name yet
 * @param images every image its pods name, in the order init containers, containers, ephemeral containers, volumes
 * @param scheduling where its pods may run
 * @param pullSecrets the names of its {@code imagePullSecrets}, in order
 * @param serviceAccount its {@code serviceAccountName}; {@code default} when it names none
 * @param runtimeClass its {@code runtimeClassName}
 * @param template whether the pods are yet to be made from a template, so that admission has not filled in defaults
 * @param owned whether the object has a controlling owner
 * @param mirror whether it is a mirror pod, which runs already
 */
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
        boolean mirror) {
    public Workload {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(name, "name");
        images = List.copyOf(images);
        Objects.requireNonNull(scheduling, "scheduling");
        pullSecrets = List.copyOf(pullSecrets);
        Objects.requireNonNull(serviceAccount, "serviceAccount");
        Objects.requireNonNull(runtimeClass, "runtimeClass");
    }

    /** The same workload, scheduled by these rules. */
    public Workload withScheduling(SchedulingRules rules) {
        return new Workload(
                kind,
                namespace,
                name,
                images,
                rules,
                pullSecrets,
                serviceAccount,
                runtimeClass,
                template,
                owned,
                mirror);
    }

    /** The same workload in this namespace. */
    public Workload inNamespace(String other) {
        return new Workload(
                kind,
                other,
                name,
                images,
                scheduling,
                pullSecrets,
                serviceAccount,
                runtimeClass,
                template,
                owned,
                mirror);
    }
}
