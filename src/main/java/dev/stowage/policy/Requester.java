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

    public Requester {
        Objects.requireNonNull(user, "user");
        groups = List.copyOf(groups);
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
