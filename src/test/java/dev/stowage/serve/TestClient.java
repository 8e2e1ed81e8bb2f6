package dev.stowage.serve;

import dev.stowage.testing.TrustingClient;
import dev.stowage.tls.CertificateAuthority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** Calls the webhook as the API server does: over TLS, trusting the authority it was told. */
final class TestClient {

    private final HttpClient http;
    private final URI base;

    TestClient(int port, CertificateAuthority authority, HttpClient.Version version) {
        this.base = URI.create("https://127.0.0.1:" + port);
        this.http = TrustingClient.of(authority.certificatePem(), version);
    }

    HttpResponse<String> post(byte[] body, String contentType) throws IOException, InterruptedException {
        return http.send(request("/validate", body, contentType), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return post(body.getBytes(StandardCharsets.UTF_8), "application/json");
    }

    HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(TrustingClient.PATIENCE)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> postAsync(String body) {
        return http.sendAsync(
                request("/validate", body.getBytes(StandardCharsets.UTF_8), "application/json"),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String path, byte[] body, String contentType) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(TrustingClient.PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        return request.build();
    }
}
