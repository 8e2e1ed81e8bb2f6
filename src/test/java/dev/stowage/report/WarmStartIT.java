package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.demo.SampleImages;
import dev.stowage.node.NodeFacts;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.Platform;
import dev.stowage.registry.RegistryObserver.Operation;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.status.Timestamps;
import dev.stowage.testing.FakeRegistryAuth;
import dev.stowage.testing.RealRegistry;
import dev.stowage.testing.RegistryPusher;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.RequiresRegistry;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas that start with the verdicts of ImageReports: a real API server and two real CNCF registries, one with passwords. */
@RequiresApiServer
@RequiresRegistry
class WarmStartIT {

    private static final Platform AMD64 = Platform.of("linux", "amd64");
    private static final Platform ARM64 = Platform.of("linux", "arm64");

    @TempDir
    Path folder;

    private final List<Replica> replicas = new ArrayList<>();
    private ReportWorld world;
    private RealRegistry open;
    private RealRegistry locked;
    private List<NodeFacts> nodes = ReportWorld.nodesOf("linux/amd64", "linux/arm64");
    private Duration refresh = Duration.ofHours(1);
    private String stranger;

    /** What is reviewed, with the pull secret that it needs or none. */
    private final Map<String, String[]> images = new LinkedHashMap<>();

    @BeforeEach
    void begin() throws Exception {
        world = new ReportWorld(ApiServer.shared());
        ReportWorld.installCrd(world.client);
        open = new RealRegistry(Files.createDirectory(folder.resolve("open")), "", "");
        String hash = OpenBSDBCrypt.generate("2y", "p".toCharArray(), "0123456789abcdef".getBytes(), 4);
        Path users = Files.writeString(folder.resolve("htpasswd"), "owner:" + hash + "\n");
        locked = new RealRegistry(
                Files.createDirectory(folder.resolve("locked")),
                "",
                "auth: {htpasswd: {realm: test, path: " + users + "}}");
        push();
        stranger = world.namespace + "-stranger";
        world.client
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(stranger)
                        .endMetadata()
                        .build())
                .create();
        account(world.namespace);
        account(stranger);
        secret("p");
    }

    @AfterEach
    void end() throws Exception {
        for (Replica replica : replicas) {
            replica.close();
        }
        world.client.namespaces().withName(stranger).delete();
        world.close();
        open.close();
        locked.close();
    }

    private void push() {
        SampleImages shop = new SampleImages(
                new RegistryPusher(HttpClient.newHttpClient(), "http://" + open.host(), "shop/web", ""));
        Descriptor amd64 = shop.image(AMD64);
        Descriptor arm64 = shop.image(ARM64);
        shop.index("both", amd64, arm64, shop.attestation(amd64), shop.attestation(arm64));
        shop.index("half", amd64, shop.attestation(amd64));
        shop.index("lies", amd64, SampleImages.claiming(shop.image(AMD64), Optional.of(ARM64)));
        shop.image("single", AMD64);
        String pinned = shop.index("pinned", arm64, amd64).digest().toString();
        SampleImages hidden = new SampleImages(new RegistryPusher(
                HttpClient.newHttpClient(),
                "http://" + locked.host(),
                "hidden/shop",
                FakeRegistryAuth.basicHeader("owner", "p")));
        hidden.index("v1", hidden.image(AMD64));
        for (String name : List.of("both", "half", "lies", "single")) {
            images.put(open.host() + "/shop/web:" + name, new String[0]);
        }
        images.put(open.host() + "/shop/web@" + pinned, new String[0]);
        images.put(hidden(), new String[] {"login"});
    }

    private String hidden() {
        return locked.host() + "/hidden/shop:v1";
    }

    private void account(String namespace) {
        world.client
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("default")
                        .withNamespace(namespace)
                        .endMetadata()
                        .build())
                .serverSideApply();
    }

    private void secret(String password) {
        String json =
                "{\"auths\":{\"" + locked.host() + "\":{\"username\":\"owner\",\"password\":\"" + password + "\"}}}";
        world.client
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("login")
                        .withNamespace(world.namespace)
                        .endMetadata()
                        .withType("kubernetes.io/dockerconfigjson")
                        .addToData(
                                ".dockerconfigjson",
                                Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8)))
                        .build())
                .forceConflicts()
                .serverSideApply();
    }

    private Replica replica(String identity) throws Exception {
        return replica(world.client, identity, true);
    }

    private Replica replica(KubernetesClient client, String identity, boolean seed) throws Exception {
        Replica replica = new Replica(client, "lease-" + world.namespace, identity, seed, nodes, refresh);
        replicas.add(0, replica);
        world.await("the reports to be read", replica::settled);
        return replica;
    }

    private Map<String, String> reviews(Replica replica) throws Exception {
        Map<String, String> said = new LinkedHashMap<>();
        for (Map.Entry<String, String[]> image : images.entrySet()) {
            said.put(image.getKey(), replica.review(world.namespace, image.getKey(), image.getValue()));
        }
        return said;
    }

    /** A replica that has reviewed all images, whose workloads are there, and that has reported on them. */
    private Replica first() throws Exception {
        Replica one = replica("one");
        one.operator.start();
        int number = 0;
        for (Map.Entry<String, String[]> image : images.entrySet()) {
            var deployment = world.deployment("web-" + number++, image.getKey());
            for (String secret : image.getValue()) {
                deployment
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getImagePullSecrets()
                        .add(new LocalObjectReference(secret));
            }
            world.client.resource(deployment).create();
        }
        world.await(
                "all images to be reported on",
                () -> world.reports().stream()
                                .filter(report -> report.getStatus() != null
                                        && report.getStatus().checkedTime() != null)
                                .count()
                        == images.size());
        return one;
    }

    @Test
    @DisplayName(
            "a replica that starts with warm reports sends no request, answers the same, and leads without a request")
    void aReplicaThatStartsSendsNoRequest() throws Exception {
        Replica one = first();
        Map<String, String> before = reviews(one);
        assertThat(one.asked()).isNotEmpty();
        assertThat(before.get(hidden())).startsWith("false").contains("linux/amd64 only");
        one.close();

        Replica two = replica("two");
        assertThat(two.seeds()).startsWith(images.size() + " of ");
        Map<String, String> after = reviews(two);

        assertThat(after).isEqualTo(before);
        assertThat(two.asked()).isEmpty();

        String version = versions();
        two.operator.start();
        world.await("it to lead", two.operator::leading);
        assertThat(reviews(two)).isEqualTo(before);
        assertThat(two.asked()).isEmpty();
        assertThat(versions()).isEqualTo(version);
    }

    @Test
    @DisplayName("a tag older than tagTtl costs one HEAD request and no GET, a digest nothing")
    void anOldTagCostsOneHead() throws Exception {
        Replica one = first();
        Map<String, String> before = reviews(one);
        one.close();
        age(Duration.ofMinutes(90));

        Replica two = replica("two");
        Map<String, String> after = reviews(two);

        assertThat(after).isEqualTo(before);
        // all but the one by digest; and one that the registry with passwords answers with its challenge
        assertThat(two.asked()).hasSize(images.size() - 1 + 1).containsOnly(Operation.DIGEST);
        assertThat(reviews(two)).isEqualTo(before);
        assertThat(two.asked()).isEmpty();
    }

    @Test
    @DisplayName("a leader that starts confirms unmoved tags with HEAD requests alone and writes nothing")
    void aLeaderThatStartsOnlyConfirms() throws Exception {
        first().close();
        age(Duration.ofMinutes(90));
        String version = versions();
        refresh = Duration.ofSeconds(2);
        Replica two = replica("two");

        two.operator.start();
        List<Operation> asked = new ArrayList<>();
        world.await("all tags to be confirmed", () -> {
            asked.addAll(two.asked());
            return asked.size() >= images.size() - 1;
        });

        assertThat(asked).containsOnly(Operation.DIGEST);
        assertThat(versions()).isEqualTo(version);
    }

    @Test
    void aTagThatMovedIsNoticed() throws Exception {
        Replica one = first();
        String half = open.host() + "/shop/web:half";
        assertThat(one.review(world.namespace, half)).startsWith("false");
        one.close();
        age(Duration.ofMinutes(6));
        SampleImages shop = new SampleImages(
                new RegistryPusher(HttpClient.newHttpClient(), "http://" + open.host(), "shop/web", ""));
        shop.index("half", shop.image(AMD64), shop.image(ARM64));

        Replica two = replica("two");

        assertThat(two.review(world.namespace, half)).startsWith("true");
        assertThat(two.asked()).contains(Operation.DIGEST, Operation.MANIFEST);
    }

    @Test
    @DisplayName("a node of a platform that no report knows costs one manifest request, once")
    void aNewPlatformCostsOneRequest() throws Exception {
        first().close();
        nodes = ReportWorld.nodesOf("linux/amd64", "linux/arm64", "linux/s390x");
        String both = open.host() + "/shop/web:both";

        Replica two = replica("two");

        assertThat(two.review(world.namespace, both)).startsWith("false").contains("s390x");
        assertThat(two.asked()).filteredOn(Operation.MANIFEST::equals).hasSize(1);
        assertThat(two.review(world.namespace, both)).startsWith("false").contains("s390x");
        assertThat(two.asked()).isEmpty();
    }

    @Test
    @DisplayName("when the leader stops, the other continues without a request to any registry")
    void aFailoverSendsNoRequest() throws Exception {
        Replica two = replica("two");
        Replica one = first();
        two.operator.start();
        assertThat(two.seeds()).startsWith("0 of ");
        String version = versions();

        one.close();
        world.await("the other to lead", two.operator::leading);
        reviews(two);

        assertThat(two.asked()).isEmpty();
        assertThat(versions()).isEqualTo(version);
    }

    private String versions() {
        return world.reports().stream()
                .map(report -> report.getMetadata().getResourceVersion())
                .sorted()
                .toList()
                .toString();
    }

    /** Makes all reports older. */
    private void age(Duration by) {
        String then = Timestamps.text(Instant.now().minus(by));
        for (ImageReport report : world.reports()) {
            report.setStatus(report.getStatus().toBuilder()
                    .resolvedTime(then)
                    .checkedTime(then)
                    .build());
            world.client.resource(report).subresource("status").update();
        }
    }

    @Test
    @DisplayName("another namespace sends requests of its own and learns nothing, also within tagTtl")
    void otherNamespacesLearnNothing() throws Exception {
        first().close();
        Replica two = replica("two");

        String said = two.review(stranger, hidden(), "login");

        assertThat(said).startsWith("true").contains("could not be checked").doesNotContain("linux/", "sha256");
        assertThat(two.asked()).isNotEmpty();
    }

    @Test
    @DisplayName(
            "an old tag is confirmed with the credentials of the pod, and nothing is answered to one that has none")
    void anOldTagIsConfirmedWithThePodsCredentials() throws Exception {
        first().close();
        age(Duration.ofMinutes(6));
        Replica two = replica("two");

        assertThat(two.review(world.namespace, hidden()))
                .startsWith("true")
                .contains("could not be checked")
                .doesNotContain("linux/");
        assertThat(two.review(world.namespace, hidden(), "login"))
                .startsWith("false")
                .contains("linux/amd64 only");
    }

    @Test
    @DisplayName(
            "with reports.seed: false, and without permission to list reports, images are read from their registries")
    void withoutSeedsImagesAreRead() throws Exception {
        Replica one = first();
        Map<String, String> before = reviews(one);
        one.close();
        String both = open.host() + "/shop/web:both";

        Replica off = replica(world.client, "off", false);
        assertThat(off.seeds()).isEqualTo("off");
        assertThat(off.review(world.namespace, both)).isEqualTo(before.get(both));
        assertThat(off.asked()).contains(Operation.MANIFEST);

        Config config = Config.fromKubeconfig(ApiServer.shared().kubeconfig());
        config.setImpersonateUsername("nobody-" + world.namespace);
        KubernetesClient nobody =
                world.keep(new KubernetesClientBuilder().withConfig(config).build());
        Replica forbidden = replica(nobody, "forbidden", true);
        assertThat(forbidden.seeds()).contains("is not permitted to list imagereports.stowage.dev");
        assertThat(forbidden.review(world.namespace, both)).isEqualTo(before.get(both));
        assertThat(forbidden.asked()).contains(Operation.MANIFEST);
    }
}
