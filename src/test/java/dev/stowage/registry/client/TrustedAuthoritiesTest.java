package dev.stowage.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Content;
import dev.stowage.registry.Mirror;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.TrustedAuthorities;
import dev.stowage.testing.FakeRegistry;
import dev.stowage.testing.FakeRegistryAnswer;
import dev.stowage.testing.FakeRegistryAuth;
import dev.stowage.testing.FakeRegistryCertificates;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Authorities that are trusted for whatever is contacted. */
class TrustedAuthoritiesTest extends RegistryTesting {

    private static final Platform AMD64 = Platform.of("linux", "amd64");

    private final FakeRegistryCertificates certificates = new FakeRegistryCertificates();
    private final FakeRegistryCertificates others = new FakeRegistryCertificates();
    private final FakeRegistry registry = new FakeRegistry(certificates.serving());
    private final FakeRegistry mirror = new FakeRegistry(certificates.serving());
    private final FakeRegistry elsewhere = new FakeRegistry(certificates.serving());
    private final FakeRegistry other = new FakeRegistry(others.serving());

    @AfterEach
    void close() {
        List.of(registry, mirror, elsewhere, other).forEach(FakeRegistry::close);
    }

    private static RegistrySettings trusting(TrustedAuthorities authorities, RegistryRule... rules) {
        return RegistrySettings.DEFAULT.withRules(rules).withTrusted(authorities);
    }

    private static RegistryResult<Content> ask(HttpRegistry client, Repository repository) {
        return get(client.manifest(repository, "v1", ReadCredentials.ANONYMOUS, Deadline.in(LONG)));
    }

    private static RegistryRule https(FakeRegistry registry) {
        return RegistryRule.of(registry.host()).withInsecure(false);
    }

    @Test
    @DisplayName("a registry, its token service and its storage on other hosts")
    void registryTokensAndStorage() {
        SampleImages images = new SampleImages(registry.store("a"));
        images.image("v1", AMD64);
        Descriptor config = images.config(AMD64);
        FakeRegistryAuth.Tokens tokens =
                new FakeRegistryAuth.Tokens().anybody("a").realm("https://" + elsewhere.host() + "/token");
        registry.protect(tokens);
        elsewhere.protect(tokens);
        String stored = "/v2/a/blobs/"
                + new SampleImages(mirror.store("a")).config(AMD64).digest();
        registry.on(stored, FakeRegistryAnswer.redirect(307, mirror.url() + stored));
        HttpRegistry client =
                client(trusting(TrustedAuthorities.of(List.of(certificates.authority())), https(registry)));

        found(ask(client, registry.repository("a")));
        found(get(client.blob(registry.repository("a"), config, ReadCredentials.ANONYMOUS, Deadline.in(LONG))));

        assertThat(elsewhere.asked()).contains("GET /token");
        assertThat(mirror.asked()).containsExactly("GET " + stored);
    }

    @Test
    @DisplayName("a mirror with a rule of its own")
    void mirrors() {
        new SampleImages(mirror.store("a")).image("v1", AMD64);
        HttpRegistry client = client(trusting(
                TrustedAuthorities.of(List.of(certificates.authority())),
                https(registry).withMirrors(Mirror.parse(mirror.url())),
                https(mirror)));

        found(ask(client, registry.repository("a")));

        assertThat(registry.requests()).isEmpty();
    }

    @Test
    @DisplayName("next to the authorities of a rule, which stay trusted for its registry alone")
    void nextToThoseOfARule() {
        new SampleImages(registry.store("a")).image("v1", AMD64);
        new SampleImages(other.store("a")).image("v1", AMD64);
        RegistryRule withCa = https(other).withTrusted(List.of(others.authority()));
        HttpRegistry client =
                client(trusting(TrustedAuthorities.of(List.of(certificates.authority())), https(registry), withCa));

        found(ask(client, registry.repository("a")));
        found(ask(client, other.repository("a")));
        client.close();

        RegistryFailure failure = failure(ask(
                client(trusting(TrustedAuthorities.of(List.of(certificates.authority())), https(other))),
                other.repository("a")));
        assertThat(failure.reason())
                .contains("unknown authority: add a CA under registries." + other.host() + ".ca or trustedCa");
    }

    @Test
    @DisplayName("other authorities count from the next connection on")
    void replaced() {
        new SampleImages(registry.store("a")).image("v1", AMD64);
        new SampleImages(other.store("a")).image("v1", AMD64);
        AtomicReference<List<X509Certificate>> trusted = new AtomicReference<>(List.of(certificates.authority()));
        HttpRegistry client = client(trusting(trusted::get, https(registry), https(other)));
        found(ask(client, registry.repository("a")));

        trusted.set(List.of(others.authority()));

        found(ask(client, other.repository("a")));
        assertThat(failure(ask(client, registry.repository("a"))).reason()).contains("unknown authority");
    }
}
