package dev.stowage.cluster.watch;

import dev.stowage.policy.Mode;
import io.fabric8.kubernetes.api.model.Namespace;
import java.util.Map;
import java.util.Optional;

/**
 * What counts of a namespace.
 *
 * @param mode its mode label, right or wrong
 * @param nodeSelector its node selector annotation, as it stands there; of one that is too long only the beginning, which still is
 */
public record NamespaceFacts(Optional<String> mode, Optional<String> nodeSelector) {

    /** The annotation that the API server's plugin PodNodeSelector reads. */
    static final String NODE_SELECTOR = "scheduler.alpha.kubernetes.io/node-selector";

    public static final NamespaceFacts NONE = new NamespaceFacts(Optional.empty(), Optional.empty());

    public static NamespaceFacts of(Namespace namespace) {
        return new NamespaceFacts(
                value(namespace.getMetadata().getLabels(), Mode.LABEL),
                value(namespace.getMetadata().getAnnotations(), NODE_SELECTOR)
                        .map(text -> text.substring(0, Math.min(text.length(), StoredLimits.ANNOTATION + 1))));
    }

    private static Optional<String> value(Map<String, String> texts, String key) {
        return texts == null ? Optional.empty() : Optional.ofNullable(texts.get(key));
    }
}
