package dev.stowage.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Plays the API server where there is none: posts the AdmissionReview that an API server would post, and words the outcome as an
 * API server would word it.
 */
final class ReviewPoster implements AdmittingServer {

    private final KubeApi webhook;
    private final String path;
    private final String webhookName;

    /**
     * Posts to this webhook.
     *
     * @param path where it takes reviews
     * @param webhookName its name in the webhook configuration
     */
    ReviewPoster(KubeApi webhook, String path, String webhookName) {
        this.webhook = webhook;
        this.path = path;
        this.webhookName = webhookName;
    }

    @Override
    public String description() {
        return "No API server: AdmissionReviews are posted straight at the webhook.";
    }

    @Override
    public Applied apply(Manifest manifest) throws IOException, InterruptedException {
        KubeApi.Reply reply = webhook.post(path, review(manifest));
        if (reply.status() != 200) {
            throw new IOException("the webhook answered with HTTP status " + reply.status());
        }
        JsonNode response = reply.body().path("response");
        List<String> warnings = new ArrayList<>();
        response.path("warnings").forEach(warning -> warnings.add(warning.asText()));
        return response.path("allowed").asBoolean()
                ? Applied.created(manifest, warnings)
                : Applied.refused(manifest, refusal(response.path("status")), warnings);
    }

    @Override
    public void close() {
        // The webhook is not this object's to end.
    }

    private static ObjectNode review(Manifest manifest) {
        ObjectNode review = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", "admission.k8s.io/v1")
                .put("kind", "AdmissionReview");
        ObjectNode request =
                review.putObject("request").put("uid", UUID.randomUUID().toString());
        for (String field : List.of("kind", "requestKind")) {
            versioned(request.putObject(field), manifest.kind())
                    .put("kind", manifest.kind().label());
        }
        for (String field : List.of("resource", "requestResource")) {
            versioned(request.putObject(field), manifest.kind())
                    .put("resource", manifest.kind().resource());
        }
        request.put("name", manifest.name()).put("namespace", "default").put("operation", "CREATE");
        request.putObject("userInfo")
                .put("username", "admin")
                .putArray("groups")
                .add("system:masters");
        request.set("object", manifest.content());
        request.putNull("oldObject").put("dryRun", false);
        request.putObject("options").put("apiVersion", "meta.k8s.io/v1").put("kind", "CreateOptions");
        return review;
    }

    private static ObjectNode versioned(ObjectNode node, Manifest.Kind kind) {
        return node.put("group", kind.group()).put("version", "v1");
    }

    private ObjectNode refusal(JsonNode status) {
        String why = status.path("message").asText();
        String denied = "admission webhook \"" + webhookName + "\" denied the request";
        return JsonNodeFactory.instance
                .objectNode()
                .put("reason", status.path("reason").asText())
                .put("message", why.isEmpty() ? denied + " without explanation" : denied + ": " + why);
    }
}
