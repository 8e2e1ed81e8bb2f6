package dev.stowage.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Plays the API server where there is none: posts the AdmissionReview that an API server would post, and words the outcome as an
 * API server would word it.
 */
final class ReviewStage implements Stage {

    private final LocalWebhook webhook;
    private final KubeApi client;
    private final String webhookName;

    private ReviewStage(LocalWebhook webhook, KubeApi client, String webhookName) {
        this.webhook = webhook;
        this.client = client;
        this.webhookName = webhookName;
    }

    /** Starts the webhook, which is told of the two nodes. */
    static ReviewStage open() throws IOException {
        String name = WebhookManifest.load().name();
        LocalWebhook webhook = LocalWebhook.start();
        return new ReviewStage(webhook, KubeApi.of(webhook.url(), "", webhook.authority()), name);
    }

    @Override
    public List<String> description() {
        return List.of(
                "Webhook   " + webhook.url(),
                "Cluster   none: AdmissionReviews are posted straight at the webhook, as an API server would",
                "Nodes     " + DemoNode.AMD64.label() + ", " + DemoNode.ARM64.label() + ", as the webhook is told");
    }

    @Override
    public Applied apply(Manifest manifest) throws IOException, InterruptedException {
        KubeApi.Reply reply = client.post(webhook.url().getPath(), review(manifest));
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
    public List<String> reports(int images) {
        return List.of();
    }

    @Override
    public List<String> invitation(Path folder, List<Scene> scenes) throws IOException {
        Files.write(folder.resolve("ca.crt"), webhook.authority());
        for (Scene scene : scenes) {
            Manifest manifest = scene.manifest();
            Files.writeString(
                    folder.resolve(manifest.name() + ".review.json"),
                    review(manifest).toPrettyString());
        }
        return List.of(
                "In another terminal:",
                "  cd " + folder + "; ls",
                "  curl --cacert ca.crt -H 'Content-Type: application/json' \\",
                "    --data @" + scenes.get(0).manifest().name() + ".review.json " + webhook.url());
    }

    @Override
    public List<String> next() {
        List<String> lines = new ArrayList<>();
        lines.add("See a real API server say the same: get one with hack/kube-binaries, then ./demo again.");
        KubeBinaries.places(System.getenv(), Path.of(System.getProperty("user.home")))
                .forEach((why, place) -> lines.add("  (there is none in " + place + ", the folder of " + why + ")"));
        lines.add("./demo --serve stays up and prints how to post reviews of your own.");
        return lines;
    }

    @Override
    public List<String> log() {
        return List.of();
    }

    @Override
    public void close() {
        webhook.close();
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
