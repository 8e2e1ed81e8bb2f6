package dev.stowage.cluster.watch;

import dev.stowage.image.Printable;
import dev.stowage.kube.OddObjects;
import dev.stowage.node.StatedPlatforms;
import dev.stowage.policy.Mode;
import dev.stowage.steering.SteeringMode;
import io.fabric8.kubernetes.api.model.Namespace;
import java.util.Map;
import java.util.Optional;

/**
 * What counts of a namespace.
 *
 * @param mode its mode label, right or wrong
 * @param nodeSelector its node selector annotation, as it stands there; of one that is too long only the beginning, which still is
 * @param platforms its annotation {@link StatedPlatforms#ANNOTATION}, right or wrong, bounded likewise
 * @param steering its label {@link SteeringMode#LABEL}, right or wrong
 */
public record NamespaceFacts(
        Optional<String> mode, Optional<String> nodeSelector, Optional<String> platforms, Optional<String> steering) {

    /** The annotation that the API server's plugin PodNodeSelector reads. */
    static final String NODE_SELECTOR = "scheduler.alpha.kubernetes.io/node-selector";

    public static final NamespaceFacts NONE =
            new NamespaceFacts(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public static NamespaceFacts of(Namespace namespace) {
        Map<String, String> annotations = namespace.getMetadata().getAnnotations();
        Optional<String> platforms =
                value(annotations, StatedPlatforms.ANNOTATION).map(text -> beginning(text, StatedPlatforms.MAX_LENGTH));
        platforms
                .filter(text -> StatedPlatforms.ofNamespace(text).isEmpty())
                .ifPresent(
                        text -> OddObjects.report(
                                "Namespace",
                                namespace.getMetadata(),
                                "has the annotation " + StatedPlatforms.ANNOTATION + "=\"" + Printable.of(text)
                                        + "\", which is not a list of platforms such as linux/amd64,linux/arm64; it has no effect"));
        return new NamespaceFacts(
                value(namespace.getMetadata().getLabels(), Mode.LABEL),
                value(annotations, NODE_SELECTOR).map(text -> beginning(text, StoredLimits.ANNOTATION)),
                platforms,
                value(namespace.getMetadata().getLabels(), SteeringMode.LABEL));
    }

    /** Of a text that is too long one character more than allowed, so that it still is too long. */
    private static String beginning(String text, int longest) {
        return text.substring(0, Math.min(text.length(), longest + 1));
    }

    private static Optional<String> value(Map<String, String> texts, String key) {
        return texts == null ? Optional.empty() : Optional.ofNullable(texts.get(key));
    }
}
