package dev.stowage.cli.scan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.apiserver.ApiServer;
import dev.stowage.cli.CommandRun;
import dev.stowage.testing.FakeRegistryAnswer;
import dev.stowage.testing.FakeRegistryAuth;
import dev.stowage.testing.RequiresApiServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stowage scan} next to a real API server and a registry that counts. */
@RequiresApiServer
class ScanIT {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path folder;

    private ScanWorld world;

    @BeforeEach
    void start() throws Exception {
        world = new ScanWorld(ApiServer.shared(), folder);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private CommandRun.Result scan(String... more) {
        List<String> options = new ArrayList<>(List.of("-n", world.namespace));
        options.addAll(List.of(more));
        return world.scan(options.toArray(String[]::new));
    }

    @Test
    @DisplayName(
            "what keeps a platform out: images, their share of requests, their owners; one manifest request an image")
    void migration() throws Exception {
        String web = world.push("shop/web", "linux/amd64");
        String api = world.push("shop/api", "linux/amd64", "linux/arm64");
        world.deploy("web", web, 2, "250m", "64Mi");
        world.deploy("api", api, 3, "500m", "128Mi");
        world.apply(
                "{apiVersion: v1, kind: Pod, metadata: {name: bare, namespace: NS}, spec: {containers: [{name: c, image: '"
                        + api + "'}]}}");

        CommandRun.Result table = scan("--platform", "linux/arm64");
        List<String> asked = world.registry.asked();

        assertThat(table.code()).as(table.toString()).isEqualTo(1);
        assertThat(table.out())
                .contains("1 of 2 images keeps linux/arm64 out; it takes 25 % of requested CPU and 25 % of requested"
                        + " memory, in 1 namespace.")
                .containsPattern(
                        world.namespace + " +" + web + " +Incompatible +linux/arm64 +500m +128Mi +Deployment/web")
                .contains("PlatformMissing: contains linux/amd64 only")
                .doesNotContain("shop/api");
        assertThat(asked).containsExactlyInAnyOrder("GET /v2/shop/web/manifests/1", "GET /v2/shop/api/manifests/1");

        JsonNode json = MAPPER.readTree(
                scan("--platform", "linux/arm64,linux/amd64", "-o", "json").out());
        assertThat(json.at("/summary/missing/0/cpuShare").asDouble()).isEqualTo(0.25);
        assertThat(json.at("/summary/cpuMillis").asLong()).isEqualTo(2000);
        assertThat(json.at("/images/0/usedBy").toString())
                .isEqualTo("[{\"kind\":\"Deployment\",\"name\":\"web\",\"container\":\"app\"}]");
        assertThat(json.at("/images/1/usedBy").toString()).contains("\"Pod\",\"name\":\"bare\"");
        assertThat(json.at("/images/0/missingPlatforms").toString()).isEqualTo("[\"linux/arm64\"]");
    }

    @Test
    @DisplayName("a selector, and pods that may not run on the platform, leave images out")
    void leftOut() {
        world.deploy("web", world.push("a", "linux/amd64"), 1, "1", "1Mi");
        world.deploy("other", world.push("b", "linux/amd64"), 1, "1", "1Mi");
        world.apply("{apiVersion: v1, kind: Pod, metadata: {name: pinned, namespace: NS, labels: {app: web}}, spec: {"
                + "nodeSelector: {kubernetes.io/arch: amd64}, containers: [{name: c, image: '"
                + world.push("c", "linux/amd64") + "'}]}}");

        CommandRun.Result result = scan("-l", "app=web", "--platform", "linux/arm64");

        assertThat(result.out())
                .contains("1 of 2 images keeps linux/arm64 out; it takes 100 % of requested CPU")
                .contains("1 image not checked")
                .doesNotContain("/b:1");
        assertThat(world.registry.asked()).containsExactly("GET /v2/a/manifests/1");
    }

    @Test
    @DisplayName("namespaces without reports are left out, unless they are named")
    void excludedNamespaces() throws Exception {
        world.deploy("web", world.push("a", "linux/amd64"), 1, "1", "1Mi");
        String config = Files.writeString(
                        folder.resolve("config.yaml"),
                        "stowage: {reports: {excludedNamespaces: ['" + world.namespace + "']}}")
                .toString();

        CommandRun.Result all = world.scan("--config", config, "--platform", "linux/arm64", "-o", "csv");
        CommandRun.Result named = scan("--config", config, "--platform", "linux/arm64", "-o", "csv");

        assertThat(all.out()).doesNotContain(world.namespace);
        assertThat(named.out()).contains(world.namespace);
    }

    @Test
    @DisplayName("a user without permissions: each is named with its fix, and the rest goes on")
    void permissions() throws Exception {
        world.deploy("web", world.push("a", "linux/amd64"), 1, "1", "1Mi");
        world.apply("{apiVersion: v1, kind: ServiceAccount, metadata: {name: reader, namespace: NS}}");
        world.apply("{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: reader, namespace: NS},"
                + " rules: [{apiGroups: [apps], resources: [deployments, replicasets, statefulsets, daemonsets], verbs: [list]},"
                + " {apiGroups: [batch], resources: [jobs, cronjobs], verbs: [list]},"
                + " {apiGroups: [''], resources: [replicationcontrollers], verbs: [list]}]}");
        world.apply(
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: reader, namespace: NS},"
                        + " roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader},"
                        + " subjects: [{kind: ServiceAccount, name: reader, namespace: NS}]}");

        CommandRun.Result result = world.scan(Users.of(world, "reader", folder), "-n", world.namespace);

        assertThat(result.code()).as(result.toString()).isEqualTo(1);
        assertThat(result.err())
                .contains("nodes cannot be listed: the user of context ", "lacks the permission \"list\" on \"nodes\"")
                .contains("name the platforms with --platform")
                .contains("no nodes are known: images are checked for linux/amd64 and linux/arm64")
                .contains("lacks the permission \"list\" on \"pods\"; grant it");
        assertThat(result.out())
                .contains("1 of 1 image keeps linux/arm64 out; it is used in 1 namespace.")
                .contains("Deployment/web");
    }

    @Test
    @DisplayName(
            "a registry that limits requests gets no more; the rest is not determined, and the cache continues later")
    void rateLimit() throws Exception {
        AtomicInteger refused = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            String image = world.push("limited/" + i, "linux/amd64");
            world.apply("{apiVersion: v1, kind: Pod, metadata: {name: p" + i
                    + ", namespace: NS}, spec: {containers: [{name: c, image: '" + image + "'}]}}");
        }
        Path cache = folder.resolve("cache");
        world.registry.on("/v2/limited/(?!0/|1/|2/).*", (request, line) -> {
            refused.incrementAndGet();
            FakeRegistryAnswer.status(429).header("Retry-After", "3600").answer(request, line);
        });

        CommandRun.Result limited = scan("--platform", "linux/amd64", "--cache", cache.toString());

        assertThat(limited.code()).as(limited.toString()).isEqualTo(2);
        assertThat(limited.out())
                .contains("RateLimited: ", "limits requests", "log in", "--cache FILE")
                .contains("images could not be determined.");
        // those that were on their way at the same time
        assertThat(refused).hasValueLessThanOrEqualTo(8);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache)))
                .isEqualTo("rw-------");
    }

    @Test
    @DisplayName("a short pause is kept, and all images are known in the end")
    void shortPause() {
        AtomicInteger requests = new AtomicInteger();
        world.deploy("a", world.push("slow/a", "linux/amd64"), 0, "1", "1Mi");
        world.registry.protect((request, url) ->
                requests.incrementAndGet() == 1 ? FakeRegistryAnswer.status(429).header("Retry-After", "1") : null);

        CommandRun.Result result = scan("--platform", "linux/amd64");

        assertThat(result.code()).as(result.toString()).isZero();
        assertThat(requests).hasValue(2);
        assertThat(result.out()).isEqualTo("The only image runs on linux/amd64.\n");
    }

    @Test
    @DisplayName("with a cache a second scan sends one HEAD request a tag at most, and sees that a tag moved")
    void cache() throws Exception {
        String moved = world.push("m", "linux/amd64");
        world.deploy("m", moved, 1, "1", "1Mi");
        Path cache = folder.resolve("cache");
        String[] options = {"--platform", "linux/amd64,linux/arm64", "--cache", cache.toString(), "-o", "json"};
        JsonNode first = MAPPER.readTree(scan(options).out());
        world.registry.server().forget();
        JsonNode second = MAPPER.readTree(scan(options).out());
        List<String> within = world.registry.asked();

        assertThat(within).isEmpty();
        assertThat(second.at("/images/0/verdict")).isEqualTo(first.at("/images/0/verdict"));
        assertThat(second.at("/images/0/missingPlatforms")).isEqualTo(first.at("/images/0/missingPlatforms"));
        assertThat(second.at("/images/0/platforms")).isEqualTo(first.at("/images/0/platforms"));

        Files.writeString(
                cache,
                Files.readString(cache)
                        .replaceAll(
                                "\"checked\":\"[^\"]+\"",
                                "\"checked\":\"" + Instant.now().minusSeconds(7200) + "\""));
        scan(options);
        assertThat(world.registry.asked()).containsExactly("HEAD /v2/m/manifests/1");

        Files.writeString(
                cache,
                Files.readString(cache)
                        .replaceAll(
                                "\"checked\":\"[^\"]+\"",
                                "\"checked\":\"" + Instant.now().minusSeconds(7200) + "\""));
        world.push("m", "linux/amd64", "linux/arm64");
        world.registry.server().forget();
        JsonNode third = MAPPER.readTree(scan(options).out());
        assertThat(third.at("/images/0/verdict").asText()).isEqualTo("Compatible");
        assertThat(world.registry.asked()).containsExactly("HEAD /v2/m/manifests/1", "GET /v2/m/manifests/1");
    }

    @Test
    @DisplayName("the pull secrets of a workload only with --pull-secrets")
    void pullSecrets() {
        String image = world.push("private", "linux/amd64");
        world.registry.protect(FakeRegistryAuth.basic("pod", "secret"));
        String auths = "{\"auths\":{\"" + world.registry.host() + "\":{\"auth\":\""
                + Base64.getEncoder().encodeToString("pod:secret".getBytes(StandardCharsets.UTF_8)) + "\"}}}";
        world.apply(
                "{apiVersion: v1, kind: Secret, metadata: {name: pull, namespace: NS}, type: kubernetes.io/dockerconfigjson,"
                        + " stringData: {.dockerconfigjson: '" + auths + "'}}");
        world.apply(
                "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: NS}, spec: {imagePullSecrets: [{name: pull}],"
                        + " containers: [{name: c, image: '" + image + "'}]}}");

        CommandRun.Result without = scan("--platform", "linux/amd64");
        CommandRun.Result with = scan("--platform", "linux/amd64", "--pull-secrets");

        assertThat(without.code()).as(without.toString()).isEqualTo(2);
        assertThat(without.out()).contains("Unauthorized");
        assertThat(with.code()).as(with.toString()).isZero();
    }
}
