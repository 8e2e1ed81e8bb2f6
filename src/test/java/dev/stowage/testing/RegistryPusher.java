package dev.stowage.testing;

import dev.stowage.demo.ImageStore;
import dev.stowage.image.Digest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Pushes to one repository of a real registry, as the distribution specification says. */
public final class RegistryPusher implements ImageStore {

    private final HttpClient client;
    private final URI repository;
    private final String authorization;

    /**
     * For one repository.
     *
     * @param client trusts the registry
     * @param url scheme, host and port of the registry
     * @param authorization the Authorization header of every request; empty for none
     */
    public RegistryPusher(HttpClient client, String url, String repository, String authorization) {
        this.client = client;
        this.repository = URI.create(url + "/v2/" + repository + "/");
        this.authorization = authorization;
    }

    @Override
    public Digest putBlob(byte[] content) {
        Digest digest = Digest.of(content);
        HttpResponse<String> begun =
                send(request(repository.resolve("blobs/uploads/")).POST(BodyPublishers.noBody()), 202);
        String location = repository
                .resolve(begun.headers().firstValue("Location").orElseThrow())
                .toString();
        URI end = URI.create(location + (location.contains("?") ? "&" : "?") + "digest=" + digest);
        send(
                request(end)
                        .header("Content-Type", "application/octet-stream")
                        .PUT(BodyPublishers.ofByteArray(content)),
                201);
        return digest;
    }

    @Override
    public Digest putManifest(String tag, String mediaType, byte[] content) {
        Digest digest = Digest.of(content);
        URI name = repository.resolve("manifests/").resolve("./" + (tag == null ? digest.toString() : tag));
        send(request(name).header("Content-Type", mediaType).PUT(BodyPublishers.ofByteArray(content)), 201);
        return digest;
    }

    /** Deletes a manifest by its digest. */
    public void deleteManifest(Digest digest) {
        send(request(repository.resolve("manifests/").resolve("./" + digest)).DELETE(), 202);
    }

    private HttpRequest.Builder request(URI uri) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        return authorization.isEmpty() ? request : request.header("Authorization", authorization);
    }

    private HttpResponse<String> send(HttpRequest.Builder builder, int expected) {
        HttpRequest request = builder.build();
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            if (response.statusCode() != expected) {
                throw new IllegalStateException(
                        request + " answered " + response.statusCode() + ": " + response.body());
            }
            return response;
        } catch (IOException e) {
            throw new IllegalStateException(request + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
