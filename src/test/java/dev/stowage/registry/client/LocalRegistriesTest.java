package dev.stowage.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Repository;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Content;
import dev.stowage.registry.LocalRegistries;
import dev.stowage.registry.Mirror;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.net.AddressPolicy;
import dev.stowage.registry.net.Cidr;
import dev.stowage.testing.FakeRegistry;
import dev.stowage.testing.FakeRegistryAnswer;
import dev.stowage.testing.FakeRegistryAuth;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registries on the loopback interface of nodes, as clusters for development have them, seen from a pod. */
class LocalRegistriesTest extends RegistryTesting {

    /** As in a cluster, but where the fake registry is: under a name, at an address that stands for a Service's. */
    private static final RegistrySettings CLUSTER = RegistrySettings.DEFAULT.withAddresses(
            new AddressPolicy(false, true, List.of(Cidr.parse("127.0.0.9")), List.of()));

    private final FakeRegistry inside = new FakeRegistry("127.0.0.9");
    private volatile byte last = 9;

    @AfterEach
    void close() {
        inside.close();
    }

    @BeforeEach
    void image() {
        new SampleImages(inside.store("app")).image("v1", Platform.of("linux", "amd64"));
    }

    private String inCluster() {
        return "registry.test:" + inside.server().port();
    }

    private RegistryResult<Content> ask(
            String registry, RegistrySettings settings, LocalRegistries local, ReadCredentials credentials) {
        HttpRegistry client = client(settings, local, name ->
                new InetAddress[] {InetAddress.getByAddress(name, new byte[] {127, 0, 0, last})});
        return get(client.manifest(new Repository(registry, "app"), "v1", credentials, Deadline.in(LONG)));
    }

    private static LocalRegistries at(String address) {
        return (registry, deadline) -> CompletableFuture.completedFuture(Optional.of(address));
    }

    @ParameterizedTest(name = "{0} is requested at its address in the cluster, by plain HTTP")
    @ValueSource(
            strings = {"localhost:32000", "LOCALHOST:32000", "127.0.0.1:5000", "[::1]:5000", "k3d-reg.localhost:5000"})
    void requestedInTheCluster(String registry) {
        found(ask(registry, CLUSTER, at(inCluster()), ReadCredentials.ANONYMOUS));

        assertThat(inside.asked()).containsExactly("GET /v2/app/manifests/v1");
        assertThat(inside.requests().get(0).header("Host")).isEqualTo(inCluster());
    }

    @ParameterizedTest(name = "{0} without a known address: Refused, and the setting is named")
    @ValueSource(strings = {"localhost:32000", "127.0.0.1:5000", "[::1]:5000", "localhost"})
    void refused(String registry) {
        RegistryFailure failure = failure(ask(registry, CLUSTER, LocalRegistries.NONE, ReadCredentials.ANONYMOUS));

        assertKind(failure, Kind.REFUSED);
        assertThat(failure.reason()).contains("registries.\"" + registry + "\".mirrors");
        assertThat(inside.requests()).isEmpty();
    }

    @Test
    @DisplayName("a configured mirror is used, nothing else is looked up, and what it does not have is not found")
    void mirror() {
        RegistrySettings settings = CLUSTER.withRules(
                RegistryRule.of("localhost:32000").withMirrors(Mirror.parse("http://" + inCluster())));
        LocalRegistries unused = (registry, deadline) -> {
            throw new AssertionError("looked up");
        };

        found(ask("localhost:32000", settings, unused, ReadCredentials.ANONYMOUS));
        inside.on("/v2/.*", FakeRegistryAnswer.status(404));
        assertKind(failure(ask("localhost:32000", settings, unused, ReadCredentials.ANONYMOUS)), Kind.NOT_FOUND);
    }

    @ParameterizedTest(name = "{0} is never looked up")
    @ValueSource(strings = {"registry.test", "docker.io", "localhost.test"})
    void othersAreNot(String registry) {
        LocalRegistries everything = (name, deadline) -> {
            throw new AssertionError("looked up");
        };

        failure(ask(
                registry,
                CLUSTER.withRules(RegistryRule.of("*").withInsecure(true).withTimeout(SHORT)),
                everything,
                ReadCredentials.ANONYMOUS));
    }

    @Test
    @DisplayName("where loopback may be contacted, as on the command line, nothing is looked up")
    void onTheCommandLine() {
        LocalRegistries unused = (registry, deadline) -> {
            throw new AssertionError("looked up");
        };

        found(ask(inside.host(), RegistrySettings.DEFAULT, unused, ReadCredentials.ANONYMOUS));
    }

    @Test
    @DisplayName("credentials are not sent to it by plain HTTP, unless its own entry allows that")
    void credentials() {
        inside.protect(FakeRegistryAuth.basic("me", "s3cret"));

        assertKind(failure(ask("localhost:32000", CLUSTER, at(inCluster()), as("me", "s3cret"))), Kind.UNAUTHORIZED);
        assertThat(headers(inside, "Authorization")).containsOnly("");

        RegistrySettings allowed =
                CLUSTER.withRules(RegistryRule.of(inCluster()).withInsecure(true));
        found(ask("localhost:32000", allowed, at(inCluster()), as("me", "s3cret")));
    }

    @Test
    @DisplayName("the address is checked as any other: metadata services, loopback and blocked hosts are refused")
    void addresses() {
        for (String address : List.of("169.254.169.254", "127.0.0.2:5000", "[::ffff:127.0.0.2]:80")) {
            RegistryFailure failure = failure(ask("localhost:32000", CLUSTER, at(address), ReadCredentials.ANONYMOUS));
            assertKind(failure, Kind.REFUSED);
        }
        last = 2;
        assertKind(failure(ask("localhost:32000", CLUSTER, at(inCluster()), ReadCredentials.ANONYMOUS)), Kind.REFUSED);
        last = 9;
        RegistrySettings blocked =
                CLUSTER.withRules(RegistryRule.of(inCluster()).blocking());
        assertKind(failure(ask("localhost:32000", blocked, at(inCluster()), ReadCredentials.ANONYMOUS)), Kind.REFUSED);
        assertThat(inside.requests()).isEmpty();
    }

    @ParameterizedTest(name = "an address \"{0}\" is none")
    @ValueSource(strings = {"", "http://x", "a b", "user@host", "host/path"})
    void badAddresses(String address) {
        assertKind(failure(ask("localhost:32000", CLUSTER, at(address), ReadCredentials.ANONYMOUS)), Kind.REFUSED);
    }
}
