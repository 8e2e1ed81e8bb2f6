package dev.stowage.kube;

import dev.stowage.async.Causes;
import dev.stowage.image.Printable;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A permission that a call to the API server lacked. As text it is what a role is to grant: {@code "list" on "deployments" (apps)}.
 *
 * @param verb what was to be done, as RBAC calls it
 * @param resource to what, with its subresource if it was one: {@code imagereports/status}
 * @param group the resource's API group, empty for the core
 */
public record MissingPermission(String verb, String resource, String group) {

    /** How every API server words it, whichever authorizer said no. */
    private static final Pattern MESSAGE =
            Pattern.compile(" cannot (\\S+) resource \"([^\"]+)\" in API group \"([^\"]*)\"");

    public MissingPermission {
        Objects.requireNonNull(verb, "verb");
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(group, "group");
    }

    /** The permission that this call failed for; nothing when it failed for another reason, or did not say which permission. */
    public static Optional<MissingPermission> in(Throwable failure) {
        return forbidden(failure).flatMap(MissingPermission::parse);
    }

    /**
     * The permission that listing or watching failed for. A watch that is refused comes back without the API server's words, a list
     * with them.
     *
     * @param type what was to be listed and watched
     */
    public static Optional<MissingPermission> in(Throwable failure, Class<? extends HasMetadata> type) {
        return in(failure, HasMetadata.getPlural(type), Objects.requireNonNullElse(HasMetadata.getGroup(type), ""));
    }

    /**
     * The same for a kind without a class of its own.
     *
     * @param resource its plural
     * @param group its API group
     */
    public static Optional<MissingPermission> in(Throwable failure, String resource, String group) {
        return forbidden(failure)
                .map(refused -> parse(refused).orElseGet(() -> new MissingPermission("watch", resource, group)));
    }

    private static Optional<KubernetesClientException> forbidden(Throwable failure) {
        return Causes.chain(failure)
                .filter(KubernetesClientException.class::isInstance)
                .map(KubernetesClientException.class::cast)
                .filter(refused -> refused.getCode() == HttpURLConnection.HTTP_FORBIDDEN)
                .findFirst();
    }

    private static Optional<MissingPermission> parse(KubernetesClientException refused) {
        String message = refused.getStatus() != null && refused.getStatus().getMessage() != null
                ? refused.getStatus().getMessage()
                : String.valueOf(refused.getMessage());
        Matcher matcher = MESSAGE.matcher(message);
        return matcher.find()
                ? Optional.of(new MissingPermission(
                        Printable.of(matcher.group(1)), Printable.of(matcher.group(2)), Printable.of(matcher.group(3))))
                : Optional.empty();
    }

    /** One clause that says it is missing. */
    public String clause() {
        return "the ServiceAccount lacks the permission " + this;
    }

    @Override
    public String toString() {
        return "\"" + verb + "\" on \"" + resource + "\"" + (group.isEmpty() ? "" : " (" + group + ")");
    }
}
