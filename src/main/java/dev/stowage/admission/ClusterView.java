package dev.stowage.admission;

import java.util.Objects;

/**
 * What the handler needs to know of the cluster; all of it comes from memory.
 *
 * @param nodes the nodes
 * @param keyrings the pull credentials of workloads
 * @param modes the modes of namespaces
 * @param templateDefaults what pods get that their templates do not say
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
