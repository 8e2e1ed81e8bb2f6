package dev.stowage.cli.cluster;

import dev.stowage.admission.TemplateDefaults;
import dev.stowage.cluster.watch.ClusterTemplateDefaults;
import dev.stowage.cluster.watch.KarpenterPools;
import dev.stowage.cluster.watch.NamespaceFacts;
import dev.stowage.cluster.watch.NodeReader;
import dev.stowage.cluster.watch.RuntimeClassFacts;
import dev.stowage.kube.PagedList;
import dev.stowage.node.NodeFacts;
import dev.stowage.text.Glob;
import dev.stowage.workload.Workload;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Listable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The facts of a cluster that decide where pods may run, read once.
 *
 * @param nodes its nodes, and the pools of Karpenter that name their architectures
 * @param defaults the defaults that RuntimeClasses and namespaces add to pods that are applied there
 * @param unread the resources that could not be read: {@code nodepools}, {@code namespaces},
 *     {@code runtimeclasses}
 */
public record ClusterSnapshot(List<NodeFacts> nodes, TemplateDefaults defaults, List<String> unread) {

    public ClusterSnapshot {
        nodes = List.copyOf(nodes);
        Objects.requireNonNull(defaults, "defaults");
        unread = List.copyOf(unread);
    }

    /**
     * Reads it.
     *
     * @param namespace the one of manifests that name none
     * @param transientTaints keys of taints that controllers remove from new nodes
     * @param karpenter whether the NodePools of Karpenter count, if they name architectures
     * @throws KubernetesClientException when the nodes cannot be listed; without the rest it continues
     */
    static ClusterSnapshot at(
            KubernetesClient client, String namespace, List<Glob> transientTaints, boolean karpenter) {
        List<NodeFacts> nodes = new ArrayList<>();
        PagedList.forEach(client.nodes(), node -> nodes.add(NodeReader.read(node, transientTaints)));
        List<String> unread = new ArrayList<>();
        if (karpenter) {
            addKarpenter(client, nodes, unread);
        }
        Map<String, NamespaceFacts> namespaces = facts(
                "namespaces",
                client.namespaces(),
                (facts, found) -> facts.put(found.getMetadata().getName(), NamespaceFacts.of(found)),
                unread);
        Map<String, RuntimeClassFacts> classes = facts(
                "runtimeclasses",
                client.resources(RuntimeClass.class),
                (facts, found) -> facts.put(found.getMetadata().getName(), RuntimeClassFacts.of(found)),
                unread);
        boolean classesKnown = !unread.contains("runtimeclasses");
        TemplateDefaults added = new ClusterTemplateDefaults(
                name -> namespaces.getOrDefault(name, NamespaceFacts.NONE).nodeSelector(),
                name -> new ClusterTemplateDefaults.RuntimeClassAnswer(
                        classesKnown, Optional.ofNullable(classes.get(name))));
        Function<String, Optional<String>> platforms =
                name -> namespaces.getOrDefault(name, NamespaceFacts.NONE).platforms();
        return new ClusterSnapshot(nodes, new InNamespace(added, platforms, namespace), unread);
    }

    private static void addKarpenter(KubernetesClient client, List<NodeFacts> nodes, List<String> unread) {
        try {
            KarpenterPools.read(client).stream()
                    .filter(pool -> !pool.provisioner().orElseThrow().anyArchitecture())
                    .forEach(nodes::add);
        } catch (KubernetesClientException e) {
            unread.add("nodepools");
        }
    }

    /** As if manifests that name no namespace named this one, which is where they would be applied. */
    private record InNamespace(
            TemplateDefaults defaults, Function<String, Optional<String>> platforms, String namespace)
            implements TemplateDefaults {

        @Override
        public Workload applyTo(Workload template) {
            Workload placed = placed(template);
            return template.withScheduling(
                    defaults.applyTo(placed).scheduling().inNamespace(platforms.apply(placed.namespace())));
        }

        @Override
        public Optional<String> refusal(Workload template) {
            return defaults.refusal(placed(template));
        }

        private Workload placed(Workload workload) {
            return workload.namespace().isEmpty() ? workload.withNamespace(namespace) : workload;
        }
    }

    private static <T extends HasMetadata, F> Map<String, F> facts(
            String what,
            Listable<? extends KubernetesResourceList<T>> objects,
            BiConsumer<Map<String, F>, T> reader,
            List<String> unread) {
        Map<String, F> facts = new HashMap<>();
        try {
            PagedList.forEach(objects, object -> reader.accept(facts, object));
        } catch (KubernetesClientException e) {
            unread.add(what);
            return Map.of();
        }
        return facts;
    }
}
