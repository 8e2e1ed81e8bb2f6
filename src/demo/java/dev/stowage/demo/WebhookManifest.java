package dev.stowage.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Base64;

/** The webhook configuration that people install ({@code k8s/webhook.yaml}), made to lead to a webhook outside the cluster. */
final class WebhookManifest {

    private static final Path FILE = Path.of("k8s", "webhook.yaml");

    private final ObjectNode configuration;

    private WebhookManifest(ObjectNode configuration) {
        this.configuration = configuration;
    }

    /** Reads it, from the root of the repository. */
    static WebhookManifest load() throws IOException {
        try (MappingIterator<JsonNode> documents =
                new ObjectMapper(new YAMLFactory()).readerFor(JsonNode.class).readValues(FILE.toFile())) {
            while (documents.hasNext()) {
                if (documents.next() instanceof ObjectNode document
                        && document.path("kind").asText().equals("ValidatingWebhookConfiguration")) {
                    return new WebhookManifest(document);
                }
            }
        }
        throw new IOException(FILE + " holds no ValidatingWebhookConfiguration");
    }

    /** The name that the API server gives in its messages. */
    String name() {
        return configuration.at("/webhooks/0/name").asText();
    }

    /**
     * The same configuration, leading to this address instead of to a Service.
     *
     * @param authorities the PEM certificates that the webhook's own is checked against
     */
    ObjectNode leadingTo(URI url, byte[] authorities) {
        ObjectNode copy = configuration.deepCopy();
        for (JsonNode webhook : copy.path("webhooks")) {
            ((ObjectNode) webhook)
                    .putObject("clientConfig")
                    .put("url", url.toString())
                    .put("caBundle", Base64.getEncoder().encodeToString(authorities));
        }
        return copy;
    }
}
