package dev.stowage.testing;

import dev.stowage.admission.ClusterView;
import dev.stowage.admission.KeyringSource;
import dev.stowage.admission.NamespaceModes;
import dev.stowage.admission.NodeSource;
import dev.stowage.admission.ReportedImages;
import dev.stowage.admission.TemplateDefaults;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.Taint;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.workload.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A cluster's nodes and namespaces, as its API server would tell of them. */
public final class FakeCluster {

    private final List<NodeFacts> nodes = new ArrayList<>();
    private final Map<String, String> modes = new HashMap<>();
    private final Map<String, String> platforms = new HashMap<>();
    private ReportedImages reports = ReportedImages.OFF;
    private final Map<String, String> steering = new HashMap<>();
    private TemplateDefaults templateDefaults = TemplateDefaults.NONE;

    /** Adds a node with the labels every kubelet sets. */
    public FakeCluster node(String name, String platform, Taint... taints) {
        return add(name, false, platform, taints);
    }

    /** Adds a declared pool. */
    public FakeCluster pool(String name, String platform, Taint... taints) {
        return add(name, true, platform, taints);
    }

    /** Adds a node with this runtime. */
    public FakeCluster node(String name, NodeProfile profile) {
        nodes.add(new NodeFacts(name, false, Optional.of(profile), Map.of(), List.of()));
        return this;
    }

    /** Adds a node that does not say what it is. */
    public FakeCluster nodeOfUnknownPlatform(String name) {
        nodes.add(new NodeFacts(name, false, Optional.empty(), Map.of(), List.of()));
        return this;
    }

    /** Gives the node that was added last these extended resources. */
    public FakeCluster withResources(String... names) {
        int last = nodes.size() - 1;
        nodes.set(last, nodes.get(last).withResources(Set.of(names)));
        return this;
    }

    /** Annotates a namespace with the platforms of its pods, which may be wrong. */
    public FakeCluster platforms(String namespace, String value) {
        platforms.put(namespace, value);
        return this;
    }

    /** Adds a node or a pool. */
    public FakeCluster add(NodeFacts node) {
        nodes.add(node);
        return this;
    }

    /** Takes a node away. */
    public FakeCluster without(String name) {
        nodes.removeIf(node -> node.name().equals(name));
        return this;
    }

    /** Labels a namespace with a mode, which may be wrong. */
    public FakeCluster mode(String namespace, String value) {
        modes.put(namespace, value);
        return this;
    }

    /** What ImageReports say. */
    public FakeCluster reports(ReportedImages from) {
        reports = from;
        return this;
    }

    /** Labels a namespace with how its pods are steered, which may be wrong. */
    public FakeCluster steering(String namespace, String value) {
        steering.put(namespace, value);
        return this;
    }

    /** What pods get that templates do not say. */
    public FakeCluster templateDefaults(TemplateDefaults defaults) {
        templateDefaults = defaults;
        return this;
    }

    /** The nodes there are now. */
    public List<NodeFacts> nodes() {
        return List.copyOf(nodes);
    }

    /** The cluster as the handler sees it. */
    public ClusterView view() {
        return view(KeyringSource.ANONYMOUS);
    }

    /** The cluster as the handler sees it, with these credentials. */
    public ClusterView view(KeyringSource keyrings) {
        NodeSource source = new NodeSource() {
            @Override
            public List<NodeFacts> nodes() {
                return FakeCluster.this.nodes();
            }

            @Override
            public Optional<String> platformsOf(String namespace) {
                return Optional.ofNullable(platforms.get(namespace));
            }
        };
        NamespaceModes labels = new NamespaceModes() {
            @Override
            public Optional<String> modeOf(String namespace) {
                return Optional.ofNullable(modes.get(namespace));
            }

            @Override
            public Optional<String> steeringOf(String namespace) {
                return Optional.ofNullable(steering.get(namespace));
            }
        };
        return new ClusterView(source, keyrings, labels, latestDefaults(), namespace -> reports.in(namespace));
    }

    /** What is notified of templates may still change when a handler has its view. */
    private TemplateDefaults latestDefaults() {
        return new TemplateDefaults() {
            @Override
            public Workload applyTo(Workload template) {
                return templateDefaults.applyTo(template);
            }

            @Override
            public Optional<String> refusal(Workload template) {
                return templateDefaults.refusal(template);
            }
        };
    }

    private FakeCluster add(String name, boolean declared, String text, Taint... taints) {
        Platform platform = Platform.parse(text);
        Map<String, String> labels = Map.of(
                "kubernetes.io/os", platform.os(),
                "kubernetes.io/arch", platform.architecture(),
                "kubernetes.io/hostname", name);
        nodes.add(new NodeFacts(name, declared, Optional.of(NodeProfile.of(platform)), labels, List.of(taints)));
        return this;
    }
}
