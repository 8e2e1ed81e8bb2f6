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
 * The rights without which the operator's framework does not start, or waits for ever without a word: it is asked whether they
 * are there before it starts.
 */
final class LeaderRights {

    private static final String LEASES = "coordination.k8s.io";

    /** The framework's elector creates the lease and renews it by patch; the framework insists on "update", which it never uses. */
    private static final List<String> ON_THE_LEASE = List.of("get", "create", "update", "patch");

    private final KubernetesClient client;
    private final LeaseSettings lease;

    LeaderRights(KubernetesClient client, LeaseSettings lease) {
        this.client = client;
        this.lease = lease;
    }

    /** Those that are missing; none when the API server does not tell. */
    List<MissingPermission> missing() {
        List<MissingPermission> missing = new ArrayList<>();
        for (String verb : List.of("list", "watch")) {
            MissingPermission permission = new MissingPermission(verb, "imagereports", ImageReport.GROUP);
            if (!granted(permission, null, null)) {
                missing.add(permission);
            }
        }
        for (String verb : ON_THE_LEASE) {
            MissingPermission permission = new MissingPermission(verb, "leases", LEASES);
            if (!granted(permission, lease.namespace(), lease.name())) {
                missing.add(permission);
            }
        }
        return missing;
    }

    private boolean granted(MissingPermission permission, String namespace, String name) {
        SelfSubjectAccessReview question = new SelfSubjectAccessReviewBuilder()
                .withNewSpec()
                .withResourceAttributes(new ResourceAttributesBuilder()
                        .withVerb(permission.verb())
                        .withGroup(permission.group())
                        .withResource(permission.resource())
                        .withNamespace(namespace)
                        // A role cannot name what is to be created.
                        .withName(permission.verb().equals("create") ? null : name)
                        .build())
                .endSpec()
                .build();
        try {
            SelfSubjectAccessReview answer = client.resource(question).create();
            return answer.getStatus() == null || answer.getStatus().getAllowed();
        } catch (KubernetesClientException e) {
            return true;
        }
    }
}
