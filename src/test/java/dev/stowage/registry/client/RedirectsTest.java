package dev.stowage.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.net.AddressPolicy;
import dev.stowage.registry.net.Cidr;
import dev.stowage.testing.FakeRegistry;
import dev.stowage.testing.FakeRegistryAnswer;
import dev.stowage.testing.FakeRegistryAuth;
import dev.stowage.testing.FakeRegistryCertificates;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects, and names that change their address. */
class RedirectsTest extends RegistryTesting {

    private static final byte[] INDEX = "{}".getBytes();

    private final FakeRegistryAnswer good = FakeRegistryAnswer.ok(MediaTypes.OCI_INDEX, INDEX);

    @ParameterizedTest(name = "a {0} to a relative address is followed")
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void relative(int status) {
        fake.on("/v2/a/manifests/v1", FakeRegistryAnswer.redirect(status, "../../elsewhere"));
        fake.on("/v2/elsewhere", good);

        found(client(), "a", "v1");
    }

    @Test
    @DisplayName("a 307 to another host is followed without Authorization")
    void otherHost() {
        try (FakeRegistry store = new FakeRegistry()) {
            Descriptor config = new SampleImages(store.store("a")).config(Platform.of("linux", "amd64"));
            fake.protect((request, url) -> request.header("Authorization").isEmpty()
                    ? FakeRegistryAuth.basic("me", "s3cret").objection(request, url)
                    : FakeRegistryAnswer.redirect(307, store.url() + request.target()));

            found(get(client().blob(fake.repository("a"), config, as("me", "s3cret"), Deadline.in(LONG))));

            assertThat(headers(store, "Authorization")).containsExactly("");
        }
    }

    @Test
    @DisplayName("a redirect on the same host keeps Authorization")
    void sameHost() {
        fake.on("/v2/a/manifests/v1", (request, line) -> {
            var objection = FakeRegistryAuth.basic("me", "s3cret").objection(request, "");
            (objection == null ? FakeRegistryAnswer.redirect(302, fake.url() + "/elsewhere") : objection)
                    .answer(request, line);
        });
        fake.on("/elsewhere", good);

        found(ask(client(), "a", "v1", as("me", "s3cret")));

        assertThat(fake.requests().get(fake.requests().size() - 1).header("Authorization"))
                .startsWith("Basic ");
    }

    @Test
    @DisplayName("credentials are not given to a host that a redirect leads to, though it requests them")
    void challengeOfAnotherHost() {
        try (FakeRegistry thief = new FakeRegistry()) {
            thief.protect(FakeRegistryAuth.basic("me", "s3cret"));
            fake.on("/v2/.*", FakeRegistryAnswer.redirect(302, thief.url() + "/v2/a/manifests/v1"));

            assertKind(failure(ask(client(), "a", "v1", as("me", "s3cret"))), Kind.UNAUTHORIZED);

            assertThat(headers(thief, "Authorization")).containsOnly("");
            assertThat(headers(fake, "Authorization")).containsOnly("");
        }
    }

    @Test
    @DisplayName("a loop ends after ten redirects: Unavailable")
    void loop() {
        fake.on("/v2/.*", FakeRegistryAnswer.redirect(302, "/v2/a/manifests/v1"));

        RegistryFailure failure = failure(client(), "a", "v1");

        assertKind(failure, Kind.UNAVAILABLE);
        assertThat(failure.reason()).contains("loop");
        assertThat(fake.requests()).hasSize(11);
    }

    @Test
    @DisplayName("ten redirects are followed")
    void tenHops() {
        for (int hop = 0; hop < 10; hop++) {
            fake.on(
                    hop == 0 ? "/v2/a/manifests/v1" : "/hop" + hop,
                    FakeRegistryAnswer.redirect(302, "/hop" + (hop + 1)));
        }
        fake.on("/hop10", good);

        found(client(), "a", "v1");
    }

    @Test
    @DisplayName("from https to plain http: Refused")
    void downgrade() {
        FakeRegistryCertificates certificates = new FakeRegistryCertificates();
        try (FakeRegistry tls = new FakeRegistry(certificates.serving())) {
            tls.on("/v2/.*", FakeRegistryAnswer.redirect(302, fake.url() + "/v2/a/manifests/v1"));
            HttpRegistry client = client(RegistrySettings.DEFAULT.withRules(
                    RegistryRule.of(tls.host()).withInsecure(false).withTrusted(List.of(certificates.authority()))));

            RegistryFailure failure = failure(
                    get(client.manifest(tls.repository("a"), "v1", ReadCredentials.ANONYMOUS, Deadline.in(LONG))));

            assertKind(failure, Kind.REFUSED);
            assertThat(fake.requests()).isEmpty();
        }
    }

    @ParameterizedTest(name = "to {0}: not followed")
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data",
                "https://[fe80::1]/x",
                "http://[::ffff:169.254.169.254]/",
                "file:///etc/passwd",
                "http://user:password@127.0.0.1/",
                "",
                "http://a b/",
                "http:///"
            })
    void refusedTargets(String target) {
        fake.on("/v2/.*", FakeRegistryAnswer.redirect(302, target));

        RegistryFailure failure = failure(client(), "a", "v1");

        assertThat(failure.kind()).isIn(Kind.REFUSED, Kind.UNAVAILABLE);
        assertThat(fake.requests()).hasSize(1);
    }

    @Test
    @DisplayName("to loopback inside a cluster: Refused")
    void toLoopback() {
        AddressPolicy onlyThis = new AddressPolicy(false, true, List.of(Cidr.parse("127.0.0.1")), List.of());
        fake.on(
                "/v2/.*",
                FakeRegistryAnswer.redirect(
                        302, "http://127.0.0.2:" + fake.server().port() + "/x"));

        RegistryFailure failure = failure(client(RegistrySettings.DEFAULT.withAddresses(onlyThis)), "a", "v1");

        assertKind(failure, Kind.REFUSED);
        assertThat(failure.reason()).contains("127.0.0.2").contains("loopback");
    }

    @Test
    @DisplayName("to a blocked host: Refused")
    void toBlockedHost() {
        fake.on("/v2/.*", FakeRegistryAnswer.redirect(302, "http://blocked.example/x"));
        HttpRegistry client = client(
                RegistrySettings.DEFAULT.withRules(RegistryRule.of("*.example").blocking()));

        assertKind(failure(client, "a", "v1"), Kind.REFUSED);
    }

    @Test
    @DisplayName("a name whose address becomes a metadata address between check and use: Refused, answer unused")
    void nameThatMoves() throws Exception {
        fake.on("/v2/.*", good);
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        InetAddress metadata = InetAddress.getByName("169.254.169.254");
        AtomicInteger lookups = new AtomicInteger();
        HttpRegistry client = client(RegistrySettings.DEFAULT, host ->
                new InetAddress[] {lookups.incrementAndGet() == 1 ? loopback : metadata});
        Repository repository = new Repository("localhost:" + fake.server().port(), "a");

        RegistryFailure failure =
                failure(get(client.manifest(repository, "v1", ReadCredentials.ANONYMOUS, Deadline.in(LONG))));

        assertKind(failure, Kind.REFUSED);
        assertThat(failure.reason()).contains("169.254.169.254");
    }

    @Test
    @DisplayName("a name of which one address is refused is refused")
    void oneBadAddress() throws Exception {
        InetAddress[] both = {InetAddress.getByName("127.0.0.1"), InetAddress.getByName("169.254.169.254")};
        HttpRegistry client = client(RegistrySettings.DEFAULT, host -> both);

        assertKind(
                failure(get(client.manifest(
                        new Repository("localhost:" + fake.server().port(), "a"),
                        "v1",
                        ReadCredentials.ANONYMOUS,
                        Deadline.in(LONG)))),
                Kind.REFUSED);
        assertThat(fake.requests()).isEmpty();
    }
}
