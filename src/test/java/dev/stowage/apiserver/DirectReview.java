package dev.stowage.apiserver;

import dev.stowage.testing.Reviews;
import dev.stowage.testing.TrustingClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** A review sent straight to the webhook, as an API server that this one does not know of would. */
final class DirectReview {

    private DirectReview() {}

    /** The answer to the creation of a pod of this image. */
    static String of(LiveWebhook webhook, String image) throws Exception {
        HttpClient http = TrustingClient.of(webhook.caPem(), HttpClient.Version.HTTP_2);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("https://127.0.0.1:" + webhook.port + "/validate?timeout=10s"))
                .header("Content-Type", "application/json")
                .timeout(TrustingClient.PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        Reviews.create(Reviews.pod("main=" + image)).bytes()))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
