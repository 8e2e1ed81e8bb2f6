package dev.stowage.report.export;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/** The API that reports are exported to. */
public enum ExportFormat {
    /** {@code Report} of OpenReports. */
    OPENREPORTS("openreports.io", "v1alpha1", "Report", "reports"),
    /** {@code PolicyReport} of the Policy Working Group, which OpenReports replaces. */
    POLICYREPORT("wgpolicyk8s.io", "v1alpha2", "PolicyReport", "policyreports");

    private final String group;
    private final String version;
    private final String kind;
    private final String plural;

    ExportFormat(String group, String version, String kind, String plural) {
        this.group = group;
        this.version = version;
        this.kind = kind;
        this.plural = plural;
    }

    /** For example {@code openreports.io/v1alpha1}. */
    public String apiVersion() {
        return group + "/" + version;
    }

    /** The name of the CRD. */
    public String crd() {
        return plural + "." + group;
    }

    String kind() {
        return kind;
    }

    String plural() {
        return plural;
    }

    /** Whether the API has fields for the source and the limits of a whole report. */
    boolean describesReport() {
        return this == OPENREPORTS;
    }

    ResourceDefinitionContext context() {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }
}
