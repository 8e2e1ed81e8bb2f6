package dev.stowage.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.image.Digest;
import dev.stowage.oci.MediaTypes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The embedded registry, asked over HTTP as container tools ask. */
class EmbeddedRegistryTest {

    private static final byte[] MANIFEST = "{\"schemaVersion\":2}".getBytes(StandardCharsets.UTF_8);

    private final EmbeddedRegistry registry = EmbeddedRegistry.start();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void saysThatItIsARegistryOnLoopback() throws Exception {
        HttpResponse<byte[]> answer = send("GET", "/v2/");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Docker-Distribution-Api-Version")).isEqualTo("registry/2.0");
        assertThat(registry.address()).startsWith("127.0.0.1:");
    }

    @Test
    void servesAManifestByTagAndByDigestUnderItsMediaType() throws Exception {
        Digest digest = registry.repository("team/app").putManifest("1", MediaTypes.OCI_INDEX, MANIFEST);

        for (String target : new String[] {"1", digest.toString()}) {
            HttpResponse<byte[]> answer = send("GET", "/v2/team/app/manifests/" + target);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(MANIFEST);
            assertThat(header(answer, "Content-Type")).isEqualTo(MediaTypes.OCI_INDEX);
            assertThat(header(answer, "Docker-Content-Digest")).isEqualTo(digest.toString());
        }
    }

    @Test
    void answersHeadWithTheHeadersOfGetAndNoBody() throws Exception {
        Digest digest = registry.repository("team/app").putManifest("1", MediaTypes.OCI_MANIFEST, MANIFEST);

        HttpResponse<byte[]> answer = send("HEAD", "/v2/team/app/manifests/1");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Length")).isEqualTo(Integer.toString(MANIFEST.length));
        assertThat(header(answer, "Docker-Content-Digest")).isEqualTo(digest.toString());
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void servesABlobOfAnyLength() throws Exception {
        Digest layer = registry.repository("team/app").putBlob(new byte[100_000]);
        Digest empty = registry.repository("team/app").putBlob(new byte[0]);

        assertThat(send("GET", "/v2/team/app/blobs/" + layer).body()).hasSize(100_000);
        assertThat(send("GET", "/v2/team/app/blobs/" + empty).statusCode()).isEqualTo(200);
    }

    @Test
    void keepsRepositoriesApart() throws Exception {
        Digest layer = registry.repository("team/app").putBlob(MANIFEST);

        assertRefused(send("GET", "/v2/team/other/blobs/" + layer), 404, "BLOB_UNKNOWN");
    }

    @Test
    void saysWhatIsNotThere() throws Exception {
        registry.repository("team/app").putManifest("1", MediaTypes.OCI_MANIFEST, MANIFEST);

        assertRefused(send("GET", "/v2/team/app/manifests/2"), 404, "MANIFEST_UNKNOWN");
        assertRefused(send("GET", "/v2/team/none/manifests/1"), 404, "NAME_UNKNOWN");
        assertRefused(send("GET", "/somewhere"), 404, "NAME_UNKNOWN");
        assertRefused(send("DELETE", "/v2/team/app/manifests/1"), 405, "UNSUPPORTED");
    }

    @Test
    void listsTags() throws Exception {
        registry.repository("team/app").putManifest("2", MediaTypes.OCI_MANIFEST, MANIFEST);
        registry.repository("team/app").putManifest("1", MediaTypes.OCI_MANIFEST, MANIFEST);

        assertThat(json(send("GET", "/v2/team/app/tags/list")).toString())
                .isEqualTo("{\"name\":\"team/app\",\"tags\":[\"1\",\"2\"]}");
    }

    @Test
    void takesAPushInPieces() throws Exception {
        byte[] content = "layer".getBytes(StandardCharsets.UTF_8);
        Digest digest = Digest.of(content);
        String upload = header(send("POST", "/v2/team/pushed/blobs/uploads/"), "Location");

        HttpResponse<byte[]> patched =
                send("PATCH", upload, "application/octet-stream", "lay".getBytes(StandardCharsets.UTF_8));
        HttpResponse<byte[]> put = send(
                "PUT", upload + "?digest=" + digest, "application/octet-stream", "er".getBytes(StandardCharsets.UTF_8));
        HttpResponse<byte[]> manifest = send("PUT", "/v2/team/pushed/manifests/1", MediaTypes.OCI_MANIFEST, MANIFEST);

        assertThat(patched.statusCode()).isEqualTo(202);
        assertThat(header(patched, "Range")).isEqualTo("0-2");
        assertThat(put.statusCode()).isEqualTo(201);
        assertThat(manifest.statusCode()).isEqualTo(201);
        assertThat(send("GET", "/v2/team/pushed/blobs/" + digest).body()).isEqualTo(content);
        assertThat(header(send("GET", "/v2/team/pushed/manifests/1"), "Content-Type"))
                .isEqualTo(MediaTypes.OCI_MANIFEST);
    }

    @Test
    void takesABlobInOneRequest() throws Exception {
        Digest digest = Digest.of(MANIFEST);

        HttpResponse<byte[]> answer =
                send("POST", "/v2/team/pushed/blobs/uploads/?digest=" + digest, "application/octet-stream", MANIFEST);

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(send("HEAD", "/v2/team/pushed/blobs/" + digest).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesContentThatDoesNotHaveItsDigest() throws Exception {
        Digest other = Digest.of("other".getBytes(StandardCharsets.UTF_8));
        String upload = header(send("POST", "/v2/team/pushed/blobs/uploads/"), "Location");

        assertRefused(
                send("PUT", upload + "?digest=" + other, "application/octet-stream", MANIFEST), 400, "DIGEST_INVALID");
        assertRefused(
                send("PUT", "/v2/team/pushed/manifests/" + other, MediaTypes.OCI_MANIFEST, MANIFEST),
                400,
                "DIGEST_INVALID");
        assertRefused(
                send("PUT", upload + "?digest=" + other, "application/octet-stream", MANIFEST),
                404,
                "BLOB_UPLOAD_UNKNOWN");
    }

    private HttpResponse<byte[]> send(String method, String path) throws IOException, InterruptedException {
        return send(method, path, "application/json", new byte[0]);
    }

    private HttpResponse<byte[]> send(String method, String path, String contentType, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + registry.address() + path))
                .header("Content-Type", contentType)
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                .build();
        return http.send(request, BodyHandlers.ofByteArray());
    }

    private static void assertRefused(HttpResponse<byte[]> answer, int status, String code) throws IOException {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(json(answer).at("/errors/0/code").asText()).isEqualTo(code);
        assertThat(json(answer).at("/errors/0/message").asText()).isNotEmpty();
    }

    private static JsonNode json(HttpResponse<byte[]> answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }

    private static String header(HttpResponse<byte[]> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
