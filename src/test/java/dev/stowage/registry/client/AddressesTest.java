package dev.stowage.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Repository;
import dev.stowage.platform.Platform;
import dev.stowage.registry.LocalRegistries;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.net.AddressPolicy;
import dev.stowage.registry.net.Cidr;
import dev.stowage.registry.net.Proxies;
import dev.stowage.testing.FakeRegistry;
import dev.stowage.testing.FakeRegistryAnswer;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and literals that lead to addresses which no image pull should reach. */
class AddressesTest extends RegistryTesting {

    /** Of loopback, only the fake registry may be contacted. */
    private static final AddressPolicy POLICY =
            new AddressPolicy(false, true, List.of(Cidr.parse("127.0.0.1")), List.of());

    private volatile String address = "127.0.0.1";

    private InetAddress[] resolve(String host) throws UnknownHostException {
        byte[] bytes = InetAddress.getByName(address).getAddress();
        if (address.startsWith("::ffff:") && bytes.length == 4) {
            // as a name service returns it, not as Java reads its notation
            byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, bytes[0], bytes[1], bytes[2], bytes[3]};
            return new InetAddress[] {Inet6Address.getByAddress(host, mapped, -1)};
        }
        return new InetAddress[] {InetAddress.getByAddress(host, bytes)};
    }

    private String named() {
        return "registry.test:" + fake.server().port();
    }

    private RegistrySettings settings(RegistryRule rule) {
        return RegistrySettings.DEFAULT.withAddresses(POLICY).withRules(rule.withInsecure(true));
    }

    private HttpRegistry client(RegistryRule rule) {
        return client(settings(rule), this::resolve);
    }

    private RegistryFailure refused(HttpRegistry client, String registry) {
        RegistryFailure failure = failure(get(
                client.manifest(new Repository(registry, "a"), "v1", ReadCredentials.ANONYMOUS, Deadline.in(LONG))));
        assertKind(failure, Kind.REFUSED);
        return failure;
    }

    private void serveImage() {
        new SampleImages(fake.store("a")).image("v1", Platform.of("linux", "amd64"));
    }

    @ParameterizedTest(name = "{0}: Refused at the registry, at a redirect and at a token service")
    @ValueSource(
            strings = {
                "::ffff:127.0.0.2",
                "::ffff:169.254.169.254",
                "64:ff9b::169.254.169.254",
                "64:ff9b:1::169.254.169.254",
                "64:ff9b:1::127.0.0.2",
                "2002:a9fe:a9fe::",
                "2002:7f00:2::1",
                "2001:0:808:808:0:0:5601:5601",
                "::169.254.169.254",
                "fe80::1",
                "0.0.0.0",
                "100.100.100.200"
            })
    void refusedAddresses(String text) {
        address = text;
        RegistryRule any = RegistryRule.of("*");
        assertThat(refused(client(any), named()).reason()).contains("registry.test is not contacted");

        fake.on("/v2/.*", FakeRegistryAnswer.redirect(302, "http://" + named() + "/x"));
        refused(client(any), fake.host());

        fake.on(
                "/v2/.*",
                FakeRegistryAnswer.status(401)
                        .header("WWW-Authenticate", "Bearer realm=\"https://" + named() + "/token\",service=\"s\""));
        refused(client(any), fake.host());
        assertThat(fake.requests()).hasSize(2);
    }

    @Test
    @DisplayName("the connection is made to the address that was checked, with the name as its host")
    void connectsToTheCheckedAddress() {
        serveImage();

        found(get(client(RegistryRule.of("*"))
                .manifest(new Repository(named(), "a"), "v1", ReadCredentials.ANONYMOUS, Deadline.in(LONG))));

        assertThat(headers(fake, "Host")).containsExactly(named());
    }

    @Test
    @DisplayName("a name that moves while the request waits for the rate limit: Refused, not sent")
    void movesDuringRateLimit() {
        serveImage();
        HttpRegistry client = client(RegistryRule.of("*").withLimits(OptionalDouble.of(2), OptionalInt.empty()));
        Repository repository = new Repository(named(), "a");
        found(get(client.manifest(repository, "v1", ReadCredentials.ANONYMOUS, Deadline.in(LONG))));

        address = "169.254.169.254";

        refused(client, named());
        assertThat(fake.requests()).hasSize(1);
    }

    @Test
    @DisplayName("a name that moves while the request waits for others: Refused, not sent")
    void movesInTheQueue() throws Exception {
        CountDownLatch came = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        fake.on("/v2/.*", (request, line) -> {
            came.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            line.close();
        });
        AtomicLong ahead = new AtomicLong();
        HttpRegistry client = new HttpRegistry(
                settings(RegistryRule.of("*").withLimits(OptionalDouble.empty(), OptionalInt.of(1))),
                RegistryObserver.NONE,
                LocalRegistries.NONE,
                this::resolve,
                () -> System.nanoTime() + ahead.get(),
                Clock.systemUTC());
        Repository repository = new Repository(named(), "a");
        var first = client.manifest(repository, "v1", ReadCredentials.ANONYMOUS, Deadline.in(LONG));
        assertThat(came.await(5, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<?> second = client.manifest(repository, "v2", ReadCredentials.ANONYMOUS, Deadline.in(LONG));

        address = "169.254.169.254";
        ahead.set(TimeUnit.SECONDS.toNanos(1));
        go.countDown();

        assertThat(get(second).toString()).contains("169.254.169.254");
        get(first);
        assertThat(fake.requests()).noneMatch(request -> request.path().endsWith("v2"));
        client.close();
    }

    @ParameterizedTest(name = "{0} is not contacted")
    @ValueSource(
            strings = {
                "127.1",
                "2130706433",
                "0x7f000001",
                "0177.0.0.2",
                "127.0.0.0x2",
                "127.0.0.2.",
                "[::ffff:7f00:2]",
                "[0:0:0:0:0:ffff:127.0.0.2]",
                "[64:ff9b:1::a9fe:a9fe]",
                "[2002:7f00:2::]",
                "[fe80::1%25lo]",
                "[fe80::1%lo]"
            })
    void literals(String host) {
        for (Proxies proxies : List.of(Proxies.NONE, Proxies.from(Map.of("HTTP_PROXY", fake.url())))) {
            HttpRegistry client = client(settings(RegistryRule.of("*")).withProxies(proxies), this::resolve);
            RegistryFailure failure = failure(get(client.manifest(
                    new Repository(host + ":" + fake.server().port(), "a"),
                    "v1",
                    ReadCredentials.ANONYMOUS,
                    Deadline.in(LONG))));
            assertThat(failure.kind()).isIn(Kind.REFUSED, Kind.INVALID);
            assertThat(fake.requests()).isEmpty();
        }
        try (FakeRegistry redirecting = new FakeRegistry()) {
            redirecting.on("/v2/.*", FakeRegistryAnswer.redirect(302, "http://" + host + "/x"));
            RegistryFailure failure = failure(get(client(RegistryRule.of("*"))
                    .manifest(redirecting.repository("a"), "v1", ReadCredentials.ANONYMOUS, Deadline.in(LONG))));
            assertThat(failure.kind()).isIn(Kind.REFUSED, Kind.UNAVAILABLE);
            assertThat(failure.reason()).containsAnyOf("is not contacted", "without a Location");
        }
    }
}
