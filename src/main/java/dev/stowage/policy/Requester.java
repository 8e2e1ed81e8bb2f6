package dev.stowage.policy;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The user who sent an admission request.
 *
 * @param user the user name; a service account's is {@code system:serviceaccount:namespace:name}
 * @param groups the groups
 */
public record Requester(String user, List<String> groups) {

    /** A user without a name. */
    public static final Requester UNKNOWN = new Requester("", List.of());

    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

    /** The user of the controllers where they have no service accounts of their own. */
    private static final String CONTROLLER_MANAGER = "system:kube-controller-manager";

    /** The group of kubelets. */
    private static final String NODES = "system:nodes";

    public Requester {
        Objects.requireNonNull(user, "user");
        groups = List.copyOf(groups);
    }

    /** Whether this is a kubelet. */
    public boolean isNode() {
        return groups.contains(NODES);
    }

    /**
     * Whether this may be the controller of an object in the namespace: Kubernetes' own ones, or a service account of another namespace.
     * Users, and service accounts of the same namespace, can name any owner in what they create.
     */
    public boolean isController(String namespace) {
        return user.equals(CONTROLLER_MANAGER)
                || user.startsWith(SERVICE_ACCOUNT) && !user.startsWith(SERVICE_ACCOUNT + namespace + ":");
    }

    /** {@code namespace/name} if this is a service account. */
    Optional<String> serviceAccount() {
        if (!user.startsWith(SERVICE_ACCOUNT)) {
            return Optional.empty();
        }
        String account = user.substring(SERVICE_ACCOUNT.length());
        int colon = account.indexOf(':');
        return Optional.of(colon < 0 ? account : account.substring(0, colon) + "/" + account.substring(colon + 1));
    }
}
