package dev.stowage.serve;

import dev.stowage.image.Digest;
import dev.stowage.oci.MediaTypes;
import dev.stowage.registry.Content;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.tls.CertificateAuthority;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Two registries on the loopback interface: one on TLS that wants a token, one in plain HTTP. Every tag of every repository is an
 * index of one amd64 image, unless the tag begins with {@code arm64}.
 */
final class WarmUpRegistry {

    private static final String HOST = "127.0.0.1";
    private static final Duration LIFE = Duration.ofHours(1);

    private final Map<String, Content> contents = new HashMap<>();
    private final Content amd64 = index("amd64");
    private final Content arm64 = index("arm64");
    private final CertificateAuthority authority = CertificateAuthority.create(Clock.systemUTC(), LIFE);
    private final HttpServer tls;
    private final HttpServer plain;

    WarmUpRegistry(Vertx vertx) {
        tls = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setUseAlpn(true)
                        .setKeyCertOptions(KeyCertOptions.wrap(
                                new ReloadableKeyManager(authority.issue(List.of(HOST), Clock.systemUTC(), LIFE)))))
                .requestHandler(this::authenticate);
        plain = vertx.createHttpServer().requestHandler(this::answer);
    }

    /** Completes when both listen. */
    Future<Void> listen() {
        return Future.all(tls.listen(0, HOST), plain.listen(0, HOST)).mapEmpty();
    }

    /** Host and port of the one on TLS, and of the other. */
    List<String> addresses() {
        return List.of(HOST + ":" + tls.actualPort(), HOST + ":" + plain.actualPort());
    }

    /** Reads them as a client does. */
    RegistrySettings settings() {
        return RegistrySettings.DEFAULT.withRules(RegistryRule.of(HOST + ":" + tls.actualPort())
                .withInsecure(false)
                .withTrusted(List.of(authority.certificate())));
    }

    Future<Void> close() {
        return Future.join(tls.close(), plain.close()).mapEmpty();
    }

    private void authenticate(HttpServerRequest request) {
        if (request.path().equals("/token")) {
            request.response()
                    .putHeader("Content-Type", "application/json")
                    .end("{\"token\":\"warm-up\",\"expires_in\":300}");
        } else if (request.getHeader("Authorization") == null) {
            request.response()
                    .setStatusCode(401)
                    .putHeader("WWW-Authenticate", "Bearer realm=\"https://" + request.authority() + "/token\"")
                    .end("{\"errors\":[{\"code\":\"UNAUTHORIZED\"}]}");
        } else {
            answer(request);
        }
    }

    private void answer(HttpServerRequest request) {
        String target = request.path().substring(request.path().lastIndexOf('/') + 1);
        Content content = contents.getOrDefault(target, target.startsWith("arm64") ? arm64 : amd64);
        request.response()
                .putHeader("Content-Type", content.contentType())
                .putHeader("Docker-Content-Digest", content.digest().toString())
                .end(Buffer.buffer(content.bytes()));
    }

    private Content index(String architecture) {
        String platform = "\"os\":\"linux\",\"architecture\":\"" + architecture + "\"";
        Content config = keep(
                MediaTypes.OCI_CONFIG,
                "{" + platform + ",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}");
        Content manifest = keep(
                MediaTypes.OCI_MANIFEST,
                "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"config\":{"
                        + descriptor(config) + "},\"layers\":[]}");
        return keep(
                MediaTypes.OCI_INDEX,
                "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"manifests\":[{"
                        + descriptor(manifest) + ",\"platform\":{" + platform + "}}]}");
    }

    private static String descriptor(Content content) {
        return "\"mediaType\":\"" + content.contentType() + "\",\"digest\":\"" + content.digest() + "\",\"size\":"
                + content.bytes().length;
    }

    private Content keep(String mediaType, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Content content = new Content(bytes, mediaType, Digest.of(bytes));
        contents.put(content.digest().toString(), content);
        return content;
    }
}
