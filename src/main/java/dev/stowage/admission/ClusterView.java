package dev.stowage.admission;

import java.util.Objects;

/**
 * The state of the cluster that a review needs, from memory.
 *
 * @param nodes the nodes
 * @param keyrings the pull credentials of workloads
 * @param modes the mode labels of namespaces
 * @param templateDefaults the scheduling rules that pods of templates get
 * @param reports what ImageReports say
 */
public record ClusterView(
        NodeSource nodes,
        KeyringSource keyrings,
        NamespaceModes modes,
        TemplateDefaults templateDefaults,
        ReportedImages reports) {

    /** A cluster without ImageReports. */
    public ClusterView(
            NodeSource nodes, KeyringSource keyrings, NamespaceModes modes, TemplateDefaults templateDefaults) {
        this(nodes, keyrings, modes, templateDefaults, ReportedImages.OFF);
    }

    public ClusterView {
        Objects.requireNonNull(nodes, "nodes");
        Objects.requireNonNull(keyrings, "keyrings");
        Objects.requireNonNull(modes, "modes");
        Objects.requireNonNull(templateDefaults, "templateDefaults");
        Objects.requireNonNull(reports, "reports");
    }
}
