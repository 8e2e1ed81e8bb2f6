package dev.stowage.serve;

import dev.stowage.image.Digest;
import dev.stowage.oci.MediaTypes;
import dev.stowage.tls.CertificateAuthority;
import dev.stowage.tls.ServingCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Plays the registries of a rehearsal on the loopback interface: one on TLS that wants a token, and one in plain http. Both hold
 * the same few images, under any tag.
 */
final class RehearsalRegistry implements AutoCloseable {

    /** An index of an amd64 and an arm64 image and an attestation. */
    static final String INDEX = "rehearsal/index";
    /** A single amd64 image. */
    static final String SINGLE = "rehearsal/single";
    /** An index of an image that no node runs. */
    static final String ELSEWHERE = "rehearsal/elsewhere";
    /** A repository that does not exist. */
    static final String ABSENT = "rehearsal/absent";

    private static final String HOST = "127.0.0.1";
    private static final Duration LIFE = Duration.ofHours(1);
    private static final String PREFIX = "/v2/";

    private record Held(String type, byte[] content) {}

    private final CertificateAuthority authority = CertificateAuthority.create(Clock.systemUTC(), LIFE);
    private final Map<String, Held> byDigest = new HashMap<>();
    private final Map<String, Held> byRepository = new HashMap<>();
    private final List<HttpServer> servers = new ArrayList<>();

    private RehearsalRegistry() {
        String amd64 = manifest("amd64");
        String arm64 = manifest("arm64");
        String attestation = manifest("unknown");
        String of = ",\"annotations\":{\"vnd.docker.reference.type\":\"attestation-manifest\","
                + "\"vnd.docker.reference.digest\":\"" + amd64 + "\"}";
        byRepository.put(SINGLE, byDigest.get(amd64));
        byRepository.put(
                INDEX,
                index(
                        entry(amd64, "linux", "amd64", ""),
                        entry(arm64, "linux", "arm64", ""),
                        entry(attestation, "unknown", "unknown", of)));
        byRepository.put(ELSEWHERE, index(entry(manifest("none"), "linux", "none", "")));
    }

    /** Starts both; completes when both listen. */
    static Future<RehearsalRegistry> start(Vertx vertx) {
        RehearsalRegistry registry = new RehearsalRegistry();
        ServingCertificate certificate = registry.authority.issue(List.of(HOST), Clock.systemUTC(), LIFE);
        HttpServerOptions tls = new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(KeyCertOptions.wrap(new SwappableKey(certificate)));
        HttpServer asking = vertx.createHttpServer(tls).requestHandler(registry::handleAsking);
        HttpServer plain = vertx.createHttpServer().requestHandler(registry::handle);
        registry.servers.add(asking);
        registry.servers.add(plain);
        return Future.all(asking.listen(0, HOST), plain.listen(0, HOST)).map(registry);
    }

    /** Host and port of the one on TLS. */
    String tlsAddress() {
        return HOST + ":" + servers.get(0).actualPort();
    }

    /** Host and port of the one in plain http. */
    String plainAddress() {
        return HOST + ":" + servers.get(1).actualPort();
    }

    /** Who signed the certificate of the one on TLS. */
    X509Certificate authority() {
        return authority.certificate();
    }

    @Override
    public void close() {
        servers.forEach(HttpServer::close);
    }

    private void handleAsking(HttpServerRequest request) {
        if (request.path().equals("/token")) {
            answer(request, 200, "application/json", bytes("{\"token\":\"rehearsal\",\"expires_in\":300}"));
        } else if (request.getHeader(HttpHeaders.AUTHORIZATION) == null) {
            request.response()
                    .putHeader(
                            "WWW-Authenticate",
                            "Bearer realm=\"https://" + tlsAddress() + "/token\",service=\"rehearsal\"");
            answer(request, 401, "application/json", bytes("{\"errors\":[{\"code\":\"UNAUTHORIZED\"}]}"));
        } else {
            handle(request);
        }
    }

    private void handle(HttpServerRequest request) {
        Held held = find(request.path());
        if (held == null) {
            answer(request, 404, "application/json", bytes("{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\"}]}"));
            return;
        }
        request.response()
                .putHeader("Docker-Content-Digest", Digest.of(held.content()).toString());
        answer(request, 200, held.type(), held.content());
    }

    private Held find(String path) {
        Held held = byDigest.get(path.substring(path.lastIndexOf('/') + 1));
        int end = path.indexOf("/manifests/");
        return held != null || end < PREFIX.length() ? held : byRepository.get(path.substring(PREFIX.length(), end));
    }

    private static void answer(HttpServerRequest request, int status, String type, byte[] content) {
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(content.length));
        if (request.method() == HttpMethod.HEAD) {
            request.response().end();
        } else {
            request.response().end(Buffer.buffer(content));
        }
    }

    /** Keeps an image; returns its manifest's digest. */
    private String manifest(String architecture) {
        String config = keep(
                MediaTypes.OCI_CONFIG,
                "{\"architecture\":\"" + architecture
                        + "\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\"," + "\"diff_ids\":[]}}");
        return keep(
                MediaTypes.OCI_MANIFEST,
                "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"config\":"
                        + descriptor(MediaTypes.OCI_CONFIG, config, "") + ",\"layers\":[]}");
    }

    private Held index(String... entries) {
        String digest = keep(
                MediaTypes.OCI_INDEX,
                "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"manifests\":["
                        + String.join(",", entries) + "]}");
        return byDigest.get(digest);
    }

    private String entry(String digest, String os, String architecture, String more) {
        String platform = ",\"platform\":{\"os\":\"" + os + "\",\"architecture\":\"" + architecture + "\"}";
        return descriptor(MediaTypes.OCI_MANIFEST, digest, platform + more);
    }

    private String descriptor(String type, String digest, String more) {
        return "{\"mediaType\":\"" + type + "\",\"digest\":\"" + digest + "\",\"size\":"
                + byDigest.get(digest).content().length + more + "}";
    }

    private String keep(String type, String text) {
        byte[] content = bytes(text);
        String digest = Digest.of(content).toString();
        byDigest.put(digest, new Held(type, content));
        return digest;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
