package dev.stowage.policy;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Who asks for a workload to be admitted.
 *
 * @param user the user name; a service account's is {@code system:serviceaccount:namespace:name}
 * @param groups the groups
 */
public record Requester(String user, List<String> groups) {

    /** Someone unnamed. */
    public static final Requester UNKNOWN = new Requester("", List.of());

    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

    public Requester {
        Objects.requireNonNull(user, "user");
        groups = List.copyOf(groups);
    }

    /** {@code namespace/name} when this is a service account. */
    Optional<String> serviceAccount() {
        return user.startsWith(SERVICE_ACCOUNT)
                ? Optional.of(user.substring(SERVICE_ACCOUNT.length()).replaceFirst(":", "/"))
                : Optional.empty();
    }
}
