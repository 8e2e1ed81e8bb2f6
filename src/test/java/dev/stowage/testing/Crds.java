package dev.stowage.testing;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * CRDs on an API server that several tests share. The API server establishes and deletes a CRD in turns of its own, and can miss one on a
 * busy machine (seen with Kubernetes 1.28): when its cache is behind after a failed turn it ends the next by a conflict, and begins again
 * only with a change of the CRD or after five minutes. What takes long is therefore touched.
 */
public final class Crds {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration UNTIL_TOUCHED = Duration.ofSeconds(10);

    private Crds() {}

    /**
     * Applies this, whoever wrote it before, once an earlier one of the name is gone if it is being deleted; then waits as {@link #await}.
     *
     * @throws AssertionError as {@link #await} and {@link #delete}
     */
    public static CustomResourceDefinition apply(KubernetesClient client, CustomResourceDefinition wanted) {
        String name = wanted.getMetadata().getName();
        awaitTouching(
                client,
                name,
                "gone after its deletion",
                earlier -> earlier == null || earlier.getMetadata().getDeletionTimestamp() == null);
        CustomResourceDefinition applied =
                client.resource(wanted).forceConflicts().serverSideApply();
        await(client, name);
        return applied;
    }

    /**
     * Waits until this CRD is established.
     *
     * @throws AssertionError with the CRD's conditions when it takes more than two minutes
     */
    public static void await(KubernetesClient client, String name) {
        awaitTouching(client, name, "established", crd -> conditions(crd).contains("Established=True"));
    }

    /**
     * Deletes this CRD with its objects, and waits until it is gone; does nothing when there is none.
     *
     * @throws AssertionError with the CRD's conditions when it takes more than two minutes
     */
    public static void delete(KubernetesClient client, String... names) {
        for (String name : names) {
            named(client, name).delete();
        }
        for (String name : names) {
            awaitTouching(client, name, "gone", Objects::isNull);
        }
    }

    private static void awaitTouching(
            KubernetesClient client, String name, String state, Predicate<CustomResourceDefinition> reached) {
        Resource<CustomResourceDefinition> crd = named(client, name);
        AtomicReference<Instant> touched = new AtomicReference<>(Instant.now());
        Await.await("the CRD " + name + " to be " + state, PATIENCE, () -> conditions(crd.get()), () -> {
            CustomResourceDefinition now = crd.get();
            if (reached.test(now)) {
                return true;
            }
            if (now != null && touched.get().plus(UNTIL_TOUCHED).isBefore(Instant.now())) {
                touched.set(Instant.now());
                System.out.printf("The CRD %s is not %s yet: %s; touching it.%n", name, state, conditions(now));
                touch(crd, touched.get().toString());
            }
            return false;
        });
    }

    private static void touch(Resource<CustomResourceDefinition> crd, String time) {
        try {
            crd.patch(
                    PatchContext.of(PatchType.JSON_MERGE),
                    "{\"metadata\":{\"annotations\":{\"touched\":\"" + time + "\"}}}");
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }

    private static Resource<CustomResourceDefinition> named(KubernetesClient client, String name) {
        return client.apiextensions().v1().customResourceDefinitions().withName(name);
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
