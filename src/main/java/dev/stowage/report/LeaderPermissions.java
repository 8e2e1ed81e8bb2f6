package dev.stowage.report;

import dev.stowage.kube.MissingPermission;
import dev.stowage.report.ReportSettings.LeaseSettings;
import dev.stowage.report.api.ImageReport;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributesBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;

/**
 * The permissions without which JOSDK does not start, or waits forever without an error. They are checked before it starts.
 */
final class LeaderPermissions {

    private static final String LEASES = "coordination.k8s.io";

    /** The Lease is created and renewed by patch; JOSDK insists on "update" too, which it never uses. */
    private static final List<String> LEASE_VERBS = List.of("get", "create", "update", "patch");

    private final KubernetesClient client;
    private final LeaseSettings lease;

    LeaderPermissions(KubernetesClient client, LeaseSettings lease) {
        this.client = client;
        this.lease = lease;
    }

    /** Those that are missing; none if the API server does not answer the question. */
    List<MissingPermission> missing() {
        List<MissingPermission> missing = new ArrayList<>();
        for (String verb : List.of("list", "watch")) {
            MissingPermission permission = new MissingPermission(verb, "imagereports", ImageReport.GROUP);
            if (!granted(permission, null, null)) {
                missing.add(permission);
            }
        }
        for (String verb : LEASE_VERBS) {
            MissingPermission permission = new MissingPermission(verb, "leases", LEASES);
            if (!granted(permission, lease.namespace(), lease.name())) {
                missing.add(permission);
            }
        }
        return missing;
    }

    private boolean granted(MissingPermission permission, String namespace, String name) {
        SelfSubjectAccessReview review = new SelfSubjectAccessReviewBuilder()
                .withNewSpec()
                .withResourceAttributes(new ResourceAttributesBuilder()
                        .withVerb(permission.verb())
                        .withGroup(permission.group())
                        .withResource(permission.resource())
                        .withNamespace(namespace)
                        // a role cannot name an object that is to be created
                        .withName(permission.verb().equals("create") ? null : name)
                        .build())
                .endSpec()
                .build();
        try {
            SelfSubjectAccessReview answer = client.resource(review).create();
            return answer.getStatus() == null || answer.getStatus().getAllowed();
        } catch (KubernetesClientException e) {
            return true;
        }
    }
}
