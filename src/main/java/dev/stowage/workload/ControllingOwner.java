package dev.stowage.workload;

import java.util.Objects;

/**
 * The object that controls another in the same namespace, as its {@code ownerReferences} name it.
 *
 * @param apiVersion the group and version of its kind
 * @param kind its kind
 * @param name its name
 * @param uid its identity in the cluster
 */
public record ControllingOwner(String apiVersion, String kind, String name, String uid) {
    public ControllingOwner {
        Objects.requireNonNull(apiVersion, "apiVersion");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(uid, "uid");
    }
}
