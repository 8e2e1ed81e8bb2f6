package dev.stowage.tls.managed;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
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
record WebhookPath(ValidatingWebhookConfiguration configuration) {

    /** Whether every webhook is called at this path. */
    boolean isExactly(String path) {
        return isAny(path::equals);
    }

    /** Whether every webhook is called at one of these paths. */
    boolean isAny(Predicate<String> paths) {
        return webhooks().stream()
                .allMatch(webhook -> pathOf(webhook).filter(paths).isPresent());
    }

    /** The operations of a JSON patch that make every webhook be called at this path. */
    List<Map<String, String>> operations(String path) {
        List<Map<String, String>> operations = new ArrayList<>();
        for (int i = 0; i < webhooks().size(); i++) {
            WebhookClientConfig client = webhooks().get(i).getClientConfig();
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

    private List<ValidatingWebhook> webhooks() {
        return configuration.getWebhooks() == null ? List.of() : configuration.getWebhooks();
    }

    private static Optional<String> pathOf(ValidatingWebhook webhook) {
        WebhookClientConfig client = webhook.getClientConfig();
        if (client != null && client.getService() != null) {
            return Optional.ofNullable(client.getService().getPath());
        }
        return client == null || client.getUrl() == null
                ? Optional.empty()
                : Optional.ofNullable(URI.create(client.getUrl()).getRawPath());
    }
}
