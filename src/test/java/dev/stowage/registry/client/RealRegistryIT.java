package dev.stowage.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.testing.FakeRegistryAuth;
import dev.stowage.testing.FakeRegistryCertificates;
import dev.stowage.testing.RealRegistry;
import dev.stowage.testing.RealTokenService;
import dev.stowage.testing.RegistryPusher;
import dev.stowage.testing.RequiresRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against the real CNCF registry: open, with htpasswd, with tokens, and over HTTP/2. */
@RequiresRegistry
class RealRegistryIT {

    private static final Platform AMD64 = Platform.of("linux", "amd64");
    private static final String USER = "me";
    private static final String PASSWORD = "correct:horse";

    @TempDir
    Path folder;

    private final List<RegistryObserver.Request> seen = new ArrayList<>();
    private RealRegistry real;
    private HttpRegistry client;

    @AfterEach
    void end() {
        if (client != null) {
            client.close();
        }
        if (real != null) {
            real.close();
        }
    }

    private void start(String http, String more, RegistrySettings settings) {
        real = new RealRegistry(folder, http, more);
        client = new HttpRegistry(settings, request -> {
            synchronized (seen) {
                seen.add(request);
            }
        });
    }

    private SampleImages images(String repository, String authorization) {
        return new SampleImages(
                new RegistryPusher(HttpClient.newHttpClient(), "http://" + real.host(), repository, authorization));
    }

    private RegistryResult<Content> ask(String repository, String target, ReadCredentials credentials) {
        return RegistryTesting.get(client.manifest(
                new Repository(real.host(), repository), target, credentials, Deadline.in(RegistryTesting.LONG)));
    }

    @Test
    @DisplayName("open: index, child, config, HEAD, and what is missing")
    void open() {
        start("", "", RegistrySettings.DEFAULT);
        SampleImages images = images("team/app", "");
        Descriptor image = images.image(AMD64);
        Descriptor config = images.config(AMD64);
        Descriptor index = images.index("v1", image, images.attestation(image));
        Repository repository = new Repository(real.host(), "team/app");
        Deadline deadline = Deadline.in(RegistryTesting.LONG);

        Content content = RegistryTesting.found(ask("team/app", "v1", ReadCredentials.ANONYMOUS));
        assertThat(content.digest()).isEqualTo(index.digest());
        assertThat(content.contentType()).isEqualTo(MediaTypes.OCI_INDEX);
        Digest digest = RegistryTesting.found(
                RegistryTesting.get(client.digest(repository, "v1", ReadCredentials.ANONYMOUS, deadline)));
        assertThat(digest).isEqualTo(index.digest());
        RegistryTesting.found(
                RegistryTesting.get(client.manifest(repository, image, ReadCredentials.ANONYMOUS, deadline)));
        Content configContent = RegistryTesting.found(
                RegistryTesting.get(client.blob(repository, config, ReadCredentials.ANONYMOUS, deadline)));
        assertThat(new String(configContent.bytes(), StandardCharsets.UTF_8)).contains("amd64");
        assertThat(RegistryTesting.failure(ask("team/app", "v2", ReadCredentials.ANONYMOUS))
                        .kind())
                .isEqualTo(Kind.NOT_FOUND);
        assertThat(RegistryTesting.failure(ask("no/where", "v1", ReadCredentials.ANONYMOUS))
                        .kind())
                .isEqualTo(Kind.NOT_FOUND);
        assertThat(seen).hasSize(6);
    }

    @Test
    @DisplayName("every media type is served as it was stored")
    void mediaTypes() {
        start("", "", RegistrySettings.DEFAULT);
        SampleImages images = images("types", "");
        images.image("oci", AMD64);
        Descriptor dockerConfig = images.blob(MediaTypes.DOCKER_CONFIG, "{\"os\":\"linux\"}".getBytes());
        Descriptor docker = images.manifest("docker", MediaTypes.DOCKER_MANIFEST, dockerConfig, List.of());
        images.index("docker-list", MediaTypes.DOCKER_LIST, SampleImages.claiming(docker, Optional.of(AMD64)));
        images.index("oci-index", images.image(AMD64));
        images.chart("chart");

        assertThat(RegistryTesting.found(ask("types", "oci", ReadCredentials.ANONYMOUS))
                        .contentType())
                .isEqualTo(MediaTypes.OCI_MANIFEST);
        assertThat(RegistryTesting.found(ask("types", "docker-list", ReadCredentials.ANONYMOUS))
                        .contentType())
                .isEqualTo(MediaTypes.DOCKER_LIST);
        assertThat(RegistryTesting.found(ask("types", "docker", ReadCredentials.ANONYMOUS))
                        .contentType())
                .isEqualTo(MediaTypes.DOCKER_MANIFEST);
        assertThat(RegistryTesting.found(ask("types", "oci-index", ReadCredentials.ANONYMOUS))
                        .contentType())
                .isEqualTo(MediaTypes.OCI_INDEX);
        RegistryTesting.found(ask("types", "chart", ReadCredentials.ANONYMOUS));
    }

    @Test
    @DisplayName("an entry whose manifest was deleted: NotFound")
    void deletedChild() {
        start("", "", RegistrySettings.DEFAULT);
        SampleImages images = images("a", "");
        Descriptor image = images.image(AMD64);
        images.index("v1", image);
        new RegistryPusher(HttpClient.newHttpClient(), "http://" + real.host(), "a", "").deleteManifest(image.digest());

        RegistryFailure failure = RegistryTesting.failure(RegistryTesting.get(client.manifest(
                new Repository(real.host(), "a"),
                image,
                ReadCredentials.ANONYMOUS,
                Deadline.in(RegistryTesting.LONG))));

        assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
    }

    @Test
    @DisplayName("htpasswd: read with the right password only")
    void htpasswd() throws IOException {
        String hash = OpenBSDBCrypt.generate("2y", PASSWORD.toCharArray(), "0123456789abcdef".getBytes(), 4);
        Path users = Files.writeString(folder.resolve("htpasswd"), USER + ":" + hash + "\n");
        start("", "auth: {htpasswd: {realm: test, path: " + users + "}}", RegistrySettings.DEFAULT);
        images("a", FakeRegistryAuth.basicHeader(USER, PASSWORD)).image("v1", AMD64);

        RegistryTesting.found(ask("a", "v1", RegistryTesting.as(USER, PASSWORD)));
        RegistryTesting.found(ask("a", "v1", RegistryTesting.as(USER, "wrong", USER, PASSWORD)));
        assertThat(RegistryTesting.failure(ask("a", "v1", ReadCredentials.ANONYMOUS))
                        .kind())
                .isEqualTo(Kind.UNAUTHORIZED);
        assertThat(RegistryTesting.failure(ask("a", "v1", RegistryTesting.as(USER, "wrong")))
                        .kind())
                .isEqualTo(Kind.UNAUTHORIZED);
    }

    @Test
    @DisplayName("tokens: private with credentials only, public by anybody; 3 requests, then 1 for a second tag")
    void tokens() throws IOException {
        try (RealTokenService service = new RealTokenService(USER, PASSWORD)) {
            Path bundle = Files.writeString(folder.resolve("bundle.pem"), service.certificate());
            start("", service.configuration(bundle), RegistrySettings.DEFAULT);
            for (String repository : List.of("private/app", "public/app")) {
                SampleImages images = images(repository, "Bearer " + service.token(repository, "\"pull\",\"push\""));
                images.image("v1", AMD64);
                images.image("v2", Platform.of("linux", "arm64"));
            }

            RegistryTesting.found(ask("public/app", "v1", ReadCredentials.ANONYMOUS));
            assertThat(seen).hasSize(3);
            RegistryTesting.found(ask("public/app", "v2", ReadCredentials.ANONYMOUS));
            assertThat(seen).hasSize(4);
            assertThat(service.asked()).isEqualTo(1);
            RegistryTesting.found(ask("private/app", "v1", RegistryTesting.as(USER, PASSWORD)));
            RegistryFailure failure = RegistryTesting.failure(ask("private/app", "v1", ReadCredentials.ANONYMOUS));
            assertThat(failure.kind()).isEqualTo(Kind.UNAUTHORIZED);
        }
    }

    @Test
    @DisplayName("TLS with a CA of its own: many requests at once, none of them refused")
    void ownAuthority() {
        FakeRegistryCertificates certificates = new FakeRegistryCertificates();
        Path certificate = folder.resolve("tls.crt");
        Path key = folder.resolve("tls.key");
        certificates.write(certificate, key);
        RegistryRule rule =
                RegistryRule.of("127.0.0.1:*").withInsecure(false).withTrusted(List.of(certificates.authority()));
        start(
                "  tls: {certificate: " + certificate + ", key: " + key + "}",
                "",
                RegistrySettings.DEFAULT.withRules(rule));
        HttpClient trusting =
                HttpClient.newBuilder().sslContext(certificates.trusting()).build();
        SampleImages images = new SampleImages(new RegistryPusher(trusting, "https://" + real.host(), "a", ""));
        images.image("v1", AMD64);
        Repository repository = new Repository(real.host(), "a");
        List<CompletableFuture<RegistryResult<Content>>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            answers.add(
                    client.manifest(repository, "v1", ReadCredentials.ANONYMOUS, Deadline.in(RegistryTesting.LONG)));
        }

        answers.forEach(answer -> RegistryTesting.found(RegistryTesting.get(answer)));

        assertThat(real.log())
                .contains("GET /v2/a/manifests/v1 HTTP/1.1\" 200")
                .doesNotContain("manifests/v1 HTTP/1.1\" 5");
    }
}
