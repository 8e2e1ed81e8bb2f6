package dev.stowage.kube;

import dev.stowage.async.Causes;
import dev.stowage.image.Printable;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** Failed calls to the API server in words. */
public final class ApiErrors {

    private ApiErrors() {}

    /** One clause: the missing permission, else what {@link #reason} finds. */
    public static String describe(Throwable failure) {
        return MissingPermission.in(failure).map(MissingPermission::clause).orElseGet(() -> reason(failure));
    }

    /** What the API server responded; when it did not respond, the first line of the root cause. */
    public static String reason(Throwable failure) {
        return Causes.find(failure, KubernetesClientException.class)
                .filter(refused -> refused.getStatus() != null)
                .map(refused -> refused.getStatus().getMessage())
                .map(Printable::of)
                .orElseGet(() -> rootOf(failure));
    }

    private static String rootOf(Throwable failure) {
        Throwable root = Causes.root(failure);
        return root.getMessage() == null
                ? root.getClass().getSimpleName()
                : Printable.of(root.getMessage().lines().findFirst().orElse(""));
    }
}
