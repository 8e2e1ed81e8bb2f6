package dev.stowage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.AdmissionResponse;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Digest;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.RegistryObserver.Operation;
import dev.stowage.registry.credentials.CredentialProvider;
import dev.stowage.registry.credentials.PullSecret;
import dev.stowage.registry.credentials.PullSecretKeyring;
import dev.stowage.testing.RealRegistry;
import dev.stowage.testing.RealTokenService;
import dev.stowage.testing.RegistryPusher;
import dev.stowage.testing.RequiresRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many requests an admission costs at the real CNCF registry with token authentication, counted by the client and, from its
 * access log, by the server.
 */
@RequiresRegistry
class RequestCountIT {

    private static final String USER = "robot";
    private static final String PASSWORD = "correct:horse";
    private static final Platform AMD64 = Platform.of("linux", "amd64");
    private static final Platform ARM64 = Platform.of("linux", "arm64");

    @TempDir
    Path folder;

    private RealTokenService tokens;
    private RealRegistry registry;
    private Reviewing reviewing;
    private SampleImages images;
    private Descriptor amd64;
    private Descriptor arm64;

    @BeforeEach
    void start() throws IOException {
        tokens = new RealTokenService(USER, PASSWORD);
        Path bundle = Files.writeString(folder.resolve("bundle.pem"), tokens.certificate());
        registry = new RealRegistry(folder, "", tokens.configuration(bundle));
        repository("public/app").image("known", AMD64);
        images = repository("private/app");
        amd64 = images.image(AMD64);
        arm64 = images.image(ARM64);
        reviewing = new Reviewing(keyring(), settings -> settings);
    }

    @AfterEach
    void end() {
        reviewing.close();
        registry.close();
        tokens.close();
    }

    private SampleImages repository(String path) {
        return new SampleImages(new RegistryPusher(
                HttpClient.newHttpClient(),
                "http://" + registry.host(),
                path,
                "Bearer " + tokens.token(path, "\"pull\",\"push\"")));
    }

    private Keyring keyring() {
        String json = "{\"auths\":{\"" + registry.host() + "\":{\"username\":\"" + USER + "\",\"password\":\""
                + PASSWORD + "\"}}}";
        PullSecret secret = PullSecret.of(
                "login",
                "kubernetes.io/dockerconfigjson",
                Map.of(".dockerconfigjson", json.getBytes(StandardCharsets.UTF_8)));
        return new PullSecretKeyring(List.of(secret), List.of(), CredentialProvider.NONE, List.of(), true);
    }

    private Digest index(String tag) {
        return images.index(tag, amd64, arm64, images.attestation(amd64), images.attestation(arm64))
                .digest();
    }

    private List<Operation> review(String image) {
        reviewing.asked();
        assertThat(reviewing.said(registry.host() + "/" + image)).isEmpty();
        return reviewing.asked();
    }

    /** The registry has challenged once before, over another repository. */
    private void getAcquainted() {
        reviewing.said(registry.host() + "/public/app:known");
    }

    @Test
    @DisplayName("first image of a registry: its challenge, then token and manifest")
    void firstOfARegistry() {
        index("v1");

        assertThat(review("private/app:v1"))
                .containsExactly(Operation.MANIFEST, Operation.TOKEN, Operation.TOKEN, Operation.MANIFEST);
        // the OAuth form first, which this token service answers with 405 and is not offered again
        assertThat(tokens.asked()).isEqualTo(2);
    }

    @Test
    @DisplayName(
            "a steered pod costs its requests once: the validating webhook, which is called afterwards, sends none")
    void steered() {
        images.index("amd64-only", amd64, images.attestation(amd64));
        index("v1");
        getAcquainted();
        reviewing.asked();

        assertThat(reviewing.steered(registry.host() + "/private/app:amd64-only"))
                .contains("\"patchType\":\"JSONPatch\"");
        assertThat(reviewing.asked()).containsExactly(Operation.TOKEN, Operation.MANIFEST);
        assertThat(reviewing.said(registry.host() + "/private/app:amd64-only")).contains("cannot run on 1 of 2");
        assertThat(reviewing.asked()).isEmpty();
        assertThat(reviewing.steered(registry.host() + "/private/app:v1")).doesNotContain("patch");
        assertThat(reviewing.asked()).containsExactly(Operation.MANIFEST);
        assertThat(review("private/app:v1")).isEmpty();
    }

    @Test
    @DisplayName(
            "first image of a repository: token and manifest; second tag: manifest; same tag again, or its digest: nothing")
    void indexes() {
        Digest digest = index("v1");
        images.index("v2", arm64, amd64);
        getAcquainted();
        int tokensBefore = tokens.asked();

        assertThat(review("private/app:v1")).containsExactly(Operation.TOKEN, Operation.MANIFEST);
        assertThat(review("private/app:v2")).containsExactly(Operation.MANIFEST);
        assertThat(review("private/app:v1")).isEmpty();
        assertThat(review("private/app@" + digest)).isEmpty();
        assertThat(review("private/app:other@" + digest)).isEmpty();

        assertThat(tokens.asked() - tokensBefore).isEqualTo(1);
        assertThat(served("GET", "manifests/v1")).isEqualTo(1);
        assertThat(served("GET", "manifests/v2")).isEqualTo(1);
        assertThat(served("GET", "manifests/" + digest)).isZero();
        assertThat(served("GET", "manifests/other")).isZero();
    }

    @Test
    @DisplayName("a single manifest: its config too, and that once for all tags that share it")
    void singleManifests() {
        images.image("one", AMD64);
        images.image("two", AMD64);
        getAcquainted();
        reviewing.asked();

        String said = reviewing.said(registry.host() + "/private/app:one");
        assertThat(said).contains("cannot run on 1 of 2 eligible nodes").contains("config says linux/amd64");
        assertThat(reviewing.asked()).containsExactly(Operation.TOKEN, Operation.MANIFEST, Operation.BLOB);
        reviewing.said(registry.host() + "/private/app:two");
        assertThat(reviewing.asked()).containsExactly(Operation.MANIFEST);
    }

    @Test
    @DisplayName("200 reviews of one new image at once: one token, one manifest request")
    void manyAtOnce() {
        index("v1");
        getAcquainted();
        reviewing.asked();

        List<CompletableFuture<AdmissionResponse>> answers = IntStream.range(0, 200)
                .mapToObj(i -> reviewing.review(registry.host() + "/private/app:v1"))
                .toList();

        assertThat(answers).allSatisfy(answer -> assertThat(Reviewing.allowed(answer.get(30, TimeUnit.SECONDS)))
                .isTrue());
        assertThat(reviewing.asked()).containsExactly(Operation.TOKEN, Operation.MANIFEST);
        assertThat(served("GET", "manifests/v1")).isEqualTo(1);
    }

    /** How often the registry has served this, by its access log; one more request sees to it that the earlier ones are logged. */
    private long served(String method, String what) {
        reviewing.said(registry.host() + "/private/app:none-" + System.nanoTime());
        return registry.log()
                .lines()
                .filter(line -> line.contains("\"" + method + " /v2/private/app/" + what + " HTTP"))
                .count();
    }
}
