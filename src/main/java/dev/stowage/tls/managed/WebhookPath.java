package dev.stowage.tls.managed;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The path to which the API server sends the reviews of one configuration ({@code clientConfig.service.path}, or the path of
 * {@code clientConfig.url}), and the patch that changes it.
 */
record WebhookPath(WebhookConfiguration configuration) {

    /** Whether every webhook is called at the path that belongs to this path of reviews. */
    boolean isExactly(String path) {
        return isCalledAt(configuration.pathFor(path)::equals);
    }

    /** Whether every webhook is called at a path that belongs to one of these. */
    boolean isAny(Predicate<String> paths) {
        return isCalledAt(configuration.belongsTo(paths));
    }

    private boolean isCalledAt(Predicate<String> paths) {
        return configuration.clients().stream()
                .allMatch(client ->
                        client.flatMap(WebhookPath::pathOf).filter(paths).isPresent());
    }

    /** The operations of a JSON patch that make every webhook be called at the path that belongs to this one. */
    List<Map<String, String>> operations(String reviewPath) {
        String path = configuration.pathFor(reviewPath);
        List<Map<String, String>> operations = new ArrayList<>();
        for (int i = 0; i < configuration.clients().size(); i++) {
            WebhookClientConfig client = configuration.clients().get(i).orElse(null);
            String prefix = "/webhooks/" + i + "/clientConfig/";
            if (client != null && client.getService() != null) {
                operations.add(Map.of("op", "add", "path", prefix + "service/path", "value", path));
            } else if (client != null && client.getUrl() != null) {
                operations.add(Map.of(
                        "op",
                        "add",
                        "path",
                        prefix + "url",
                        "value",
                        URI.create(client.getUrl()).resolve(path).toString()));
            }
        }
        return operations;
    }

    private static Optional<String> pathOf(WebhookClientConfig client) {
        if (client.getService() != null) {
            return Optional.ofNullable(client.getService().getPath());
        }
        return client.getUrl() == null
                ? Optional.empty()
                : Optional.ofNullable(URI.create(client.getUrl()).getRawPath());
    }
}
