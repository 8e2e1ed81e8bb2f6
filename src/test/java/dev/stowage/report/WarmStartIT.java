package dev.stowage.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.apiserver.ApiServer;
import dev.stowage.demo.SampleImages;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.Platform;
import dev.stowage.registry.RegistryObserver.Ask;
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
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
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

/** Replicas that start anew, on a real API server and in front of two real CNCF registries, an open one and one with passwords. */
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
    private PrivateKey key;
    private String stranger;

    /** What is reviewed, with the pull secret that it needs or none. */
    private final Map<String, String[]> images = new LinkedHashMap<>();

    @BeforeEach
    void begin() throws Exception {
        world = new ReportWorld(ApiServer.shared());
        ReportWorld.installCrd(world.client);
        key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate();
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
        return replica(world.client, identity);
    }

    private Replica replica(KubernetesClient client, String identity) throws Exception {
        Replica replica = new Replica(client, key, "lease-" + world.namespace, identity);
        replicas.add(0, replica);
        world.await("the warm start", replica::settled);
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
                                        && report.getStatus().recollection() != null)
                                .count()
                        == images.size());
        return one;
    }

    @Test
    @DisplayName("a replica that starts with warm reports asks no registry, says the same, and leads without asking")
    void aReplicaThatStartsAsksNoRegistry() throws Exception {
        Replica one = first();
        Map<String, String> before = reviews(one);
        assertThat(one.asked()).isNotEmpty();
        assertThat(before.get(hidden())).startsWith("false").contains("contains linux/amd64 only");
        assertThat(world.report(hidden())
                        .orElseThrow()
                        .getStatus()
                        .recollection()
                        .readAs())
                .startsWith("secret login ");
        one.close();

        Replica two = replica("two");
        assertThat(two.warmth()).startsWith(images.size() + " of ");
        Map<String, String> after = reviews(two);

        assertThat(after).isEqualTo(before);
        assertThat(two.asked()).isEmpty();

        two.operator.start();
        world.await("it to lead", two.operator::leading);
        String other = open.host() + "/shop/web:pinned";
        world.deploy("other", other);
        world.await(other, "Compatible");
        // one for the image that is new; its manifests are known by digest
        assertThat(two.asked()).containsExactly(Ask.MANIFEST);
        assertThat(reviews(two)).isEqualTo(before);
        assertThat(two.asked()).isEmpty();
    }

    @Test
    @DisplayName("when the leader goes, the other goes on without asking any registry")
    void aFailoverAsksNoRegistry() throws Exception {
        Replica two = replica("two");
        Replica one = first();
        two.operator.start();
        assertThat(two.warmth()).startsWith("0 of ");
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

    @Test
    @DisplayName("fault 13: another namespace, and another secret, make their own requests and learn nothing")
    void othersLearnNothing() throws Exception {
        Replica one = first();
        one.close();
        Replica two = replica("two");

        String said = two.review(stranger, hidden(), "login");
        assertThat(said).startsWith("true").contains("could not be checked").doesNotContain("linux/", "sha256");
        assertThat(two.asked()).isNotEmpty();

        Replica three = replica("three");
        assertThat(three.review(world.namespace, hidden())).doesNotContain("linux/");
        assertThat(three.asked()).isNotEmpty();

        // another version of the Secret is another reader, whatever is in it
        secret("wrong");
        Replica four = replica("four");
        assertThat(four.review(world.namespace, hidden(), "login")).doesNotContain("linux/");
        assertThat(four.asked()).isNotEmpty();
    }

    @Test
    @DisplayName("fault 24: what people write into a status is not believed, in whatever namespace")
    void forgedStatusesAreNotBelieved() throws Exception {
        Replica one = first();
        String half = open.host() + "/shop/web:half";
        String truth = one.review(world.namespace, half);
        one.close();
        ImageReportStatus lie =
                world.report(open.host() + "/shop/web:both").orElseThrow().getStatus();
        ImageReport forged = world.report(half).orElseThrow();
        forged.setStatus(lie);
        world.client.resource(forged).subresource("status").update();

        Replica two = replica("two");
        assertThat(two.warmth()).startsWith(images.size() - 1 + " of " + images.size());
        assertThat(two.review(world.namespace, half)).isEqualTo(truth).startsWith("false");
        assertThat(two.asked()).contains(Ask.MANIFEST);
    }

    @Test
    @DisplayName("fault 25: without the right to list reports it says so and goes on, asking registries")
    void withoutTheRightItSaysSo() throws Exception {
        Replica one = first();
        Map<String, String> before = reviews(one);
        one.close();
        Config config = Config.fromKubeconfig(ApiServer.shared().kubeconfig());
        config.setImpersonateUsername("nobody-" + world.namespace);
        KubernetesClient nobody =
                world.keep(new KubernetesClientBuilder().withConfig(config).build());

        Replica two = replica(nobody, "two");

        assertThat(two.warmth()).contains("lacks the right to list imagereports.stowage.dev");
        String both = open.host() + "/shop/web:both";
        assertThat(two.review(world.namespace, both)).isEqualTo(before.get(both));
        assertThat(two.asked()).contains(Ask.MANIFEST);
    }
}
