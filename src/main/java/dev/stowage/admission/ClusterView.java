package dev.stowage.admission;

import java.util.Objects;

/**
 * The state of the cluster that a review needs, from memory.
 *
 * @param nodes the nodes
 * @param keyrings the pull credentials of workloads
 * @param modes the mode labels of namespaces
 * @param templateDefaults the scheduling rules that pods of templates get
 */
public record ClusterView(
        NodeSource nodes, KeyringSource keyrings, NamespaceModes modes, TemplateDefaults templateDefaults) {
    public ClusterView {
        Objects.requireNonNull(nodes, "nodes");
        Objects.requireNonNull(keyrings, "keyrings");
        Objects.requireNonNull(modes, "modes");
        Objects.requireNonNull(templateDefaults, "templateDefaults");
    }
}
