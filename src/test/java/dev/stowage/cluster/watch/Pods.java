package dev.stowage.cluster.watch;

import dev.stowage.node.SchedulingRules;
import dev.stowage.workload.Workload;
import java.util.List;
import java.util.Optional;

/** Workloads of which only the pull secrets and the ServiceAccount matter. */
public final class Pods {

    private Pods() {}

    public static Workload pod(String namespace, String serviceAccount, String... pullSecrets) {
        return workload("Pod", namespace, serviceAccount, false, pullSecrets);
    }

    public static Workload deployment(String namespace, String serviceAccount, String... pullSecrets) {
        return workload("Deployment", namespace, serviceAccount, true, pullSecrets);
    }

    private static Workload workload(
            String kind, String namespace, String serviceAccount, boolean template, String... pullSecrets) {
        return new Workload(
                kind,
                namespace,
                "app",
                List.of(),
                SchedulingRules.NONE,
                List.of(pullSecrets),
                serviceAccount,
                Optional.empty(),
                template,
                false,
                false);
    }
}
