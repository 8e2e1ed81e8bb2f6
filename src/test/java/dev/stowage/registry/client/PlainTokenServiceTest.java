package dev.stowage.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Repository;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Content;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.testing.FakeRegistry;
import dev.stowage.testing.FakeRegistryAuth;
import dev.stowage.testing.FakeRegistryCertificates;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registries whose token service is reached by plain HTTP, because their external URL is set wrong. */
class PlainTokenServiceTest extends RegistryTesting {

    private static final FakeRegistryCertificates CERTIFICATES = new FakeRegistryCertificates();

    private final FakeRegistry secure = new FakeRegistry(CERTIFICATES.serving());
    private final FakeRegistryAuth.Tokens tokens = new FakeRegistryAuth.Tokens().user("me", "s3cret", "app");

    @BeforeEach
    void protect() {
        for (FakeRegistry registry : List.of(fake, secure)) {
            new SampleImages(registry.store("app")).image("v1", Platform.of("linux", "amd64"));
            registry.protect(tokens);
        }
    }

    @AfterEach
    void close() {
        secure.close();
    }

    private RegistryResult<Content> ask(String registry, RegistryRule... more) {
        List<RegistryRule> rules = new ArrayList<>(List.of(more));
        rules.add(RegistryRule.of(secure.host()).withInsecure(false).withTrusted(List.of(CERTIFICATES.authority())));
        rules.add(RegistryRule.of("registry.test:" + fake.server().port()).withInsecure(true));
        HttpRegistry client = client(RegistrySettings.DEFAULT.withRules(rules.toArray(RegistryRule[]::new)), name ->
                new InetAddress[] {InetAddress.getByAddress(name, new byte[] {127, 0, 0, 1})});
        return get(client.manifest(new Repository(registry, "app"), "v1", as("me", "s3cret"), Deadline.in(LONG)));
    }

    @Test
    @DisplayName("behind an https registry: refused, the external URL and the setting are named, no secret is sent")
    void behindHttps() {
        tokens.realm(fake.url() + "/token");

        RegistryFailure failure = failure(ask(secure.host()));

        assertKind(failure, Kind.REFUSED);
        assertThat(failure.reason())
                .contains("token service is at http://" + fake.host())
                .contains("external URL")
                .contains("registries.\"" + fake.host() + "\".insecure: true");
        assertThat(fake.requests()).isEmpty();
    }

    @Test
    @DisplayName("behind an https registry, and allowed: used")
    void behindHttpsAllowed() {
        tokens.realm(fake.url() + "/token");

        found(ask(secure.host(), RegistryRule.of(fake.host()).withInsecure(true)));

        assertThat(fake.asked()).containsExactly("POST /token");
    }

    @Test
    @DisplayName("allowed and blocked: blocked")
    void blocked() {
        tokens.realm(fake.url() + "/token");

        RegistryFailure failure = failure(ask(
                secure.host(), RegistryRule.of(fake.host()).withInsecure(true).blocking()));

        assertThat(failure.reason()).contains("is blocked");
        assertThat(fake.requests()).isEmpty();
    }

    @ParameterizedTest(name = "a realm http://{0}: {1}")
    @ValueSource(strings = {"127.0.0.1", "LOCALHOST"})
    void onTheHostOfTheRegistry(String host) {
        tokens.realm("http://" + host + "/service/token");

        RegistryFailure failure = failure(ask(secure.host()));

        // without a port the entry would be that of a registry of this name, and turn off its TLS
        assertThat(failure.reason()).contains("registries.\"" + host.toLowerCase(Locale.ROOT) + ":80\".insecure: true");
    }

    @Test
    @DisplayName("on a second http host, of an http registry: refused, then allowed by its name")
    void onASecondHost() {
        String registry = "registry.test:" + fake.server().port();
        String service = "core.harbor.test:" + fake.server().port();
        tokens.realm("http://" + service + "/token");

        RegistryFailure failure = failure(ask(registry));

        assertKind(failure, Kind.REFUSED);
        assertThat(failure.reason()).contains("registries.\"" + service + "\".insecure: true");
        assertThat(fake.asked()).containsExactly("GET /v2/app/manifests/v1");

        found(ask(registry, RegistryRule.of(service).withInsecure(true)));
    }

    @Test
    @DisplayName("a setting for the host with port 80 allows a realm without a port")
    void portEighty() {
        tokens.realm("http://127.0.0.1/token");

        RegistryFailure failure =
                failure(ask(secure.host(), RegistryRule.of("127.0.0.1:80").withInsecure(true)));

        // nothing listens there, or something else
        assertThat(failure.kind()).isNotEqualTo(Kind.REFUSED);
    }

    @Test
    @DisplayName("allowed, but at an address that no image pull should reach: Refused")
    void addresses() {
        tokens.realm("http://169.254.169.254/token");

        RegistryFailure failure =
                failure(ask(secure.host(), RegistryRule.of("169.254.169.254").withInsecure(true)));

        assertKind(failure, Kind.REFUSED);
        assertThat(failure.reason()).contains("metadata");
    }
}
