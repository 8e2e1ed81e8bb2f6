package dev.stowage.testing;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** CRDs whose kind the API server serves. */
public final class EstablishedCrd {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration UNTIL_TOUCHED = Duration.ofSeconds(15);

    private EstablishedCrd() {}

    /** Applies this, whoever wrote it before, once an earlier one of the name is gone if it is being deleted; then waits as {@link #await}. */
    public static CustomResourceDefinition apply(KubernetesClient client, CustomResourceDefinition wanted) {
        Resource<CustomResourceDefinition> crd = client.resource(wanted);
        Await.await("the deleted CRD " + wanted.getMetadata().getName() + " to be gone", () -> {
            CustomResourceDefinition earlier = crd.get();
            return earlier == null || earlier.getMetadata().getDeletionTimestamp() == null;
        });
        CustomResourceDefinition applied = crd.forceConflicts().serverSideApply();
        await(client, wanted.getMetadata().getName());
        return applied;
    }

    /**
     * Waits until this CRD is established. The API server establishes a CRD when its status changes; one that missed the change (seen
     * once with Kubernetes 1.28 on a busy machine) does it at the next, so the CRD is touched when it takes long.
     *
     * @throws AssertionError with the CRD's conditions when it takes more than two minutes
     */
    public static void await(KubernetesClient client, String name) {
        Resource<CustomResourceDefinition> crd =
                client.apiextensions().v1().customResourceDefinitions().withName(name);
        AtomicReference<Instant> touched = new AtomicReference<>(Instant.now());
        Await.await("the CRD " + name + " to be established", PATIENCE, () -> conditions(crd.get()), () -> {
            if (conditions(crd.get()).contains("Established=True")) {
                return true;
            }
            if (touched.get().plus(UNTIL_TOUCHED).isBefore(Instant.now())) {
                touched.set(Instant.now());
                crd.patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"touched\":\"" + touched.get() + "\"}}}");
            }
            return false;
        });
    }

    private static String conditions(CustomResourceDefinition crd) {
        if (crd == null || crd.getStatus() == null || crd.getStatus().getConditions() == null) {
            return crd == null ? "it does not exist" : "it has no status";
        }
        StringBuilder text = new StringBuilder();
        crd.getStatus().getConditions().forEach(condition -> text.append(condition.getType())
                .append('=')
                .append(condition.getStatus())
                .append(condition.getMessage() == null ? "" : " (" + condition.getMessage() + ")")
                .append(' '));
        return text.toString();
    }
}
