package dev.stowage.tls.managed;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.testing.OneKubernetesVersion;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.TravelClock;
import dev.stowage.tls.CaBundle;
import dev.stowage.tls.CertificateAuthority;
import dev.stowage.tls.ServingCertificate;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replicas that share certificates through a real API server. */
@RequiresApiServer
@OneKubernetesVersion
class SharedCertificateIT {

    private final TravelClock clock = new TravelClock(Instant.now());
    private CertificateStage stage;

    @BeforeEach
    void open() {
        stage = new CertificateStage();
        stage.createWebhook();
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    @RepeatedTest(3)
    @DisplayName("replicas that start at once agree on one authority and one certificate")
    void creationRace() {
        List<SharedCertificate> replicas = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            replicas.add(stage.start(stage.client, stage.settings(CertificateStage.RARELY), clock));
        }
        replicas.forEach(replica -> await("ready", replica::isReady));
        X509Certificate served = replicas.get(0).current().certificate();
        assertThat(replicas).allSatisfy(replica -> {
            assertThat(replica.current().certificate()).isEqualTo(served);
            assertThat(replica.problem()).isEmpty();
        });
        assertThat(stage.observed.authorities).as("made").hasValue(1);
        assertThat(stage.observed.certificates).hasValue(1);
        assertThat(stage.secret().getType()).isEqualTo("kubernetes.io/tls");
        assertThat(stage.trusted()).isEqualTo(stage.stored().bundle());
        assertThat(stage.trusted().certificates()).hasSize(1);
        assertThat(stage.trusted().issuerOf(replicas.get(0).current())).isPresent();
    }

    @Test
    @DisplayName("replicas that agree write nothing, however often they look")
    void quiet() {
        SharedCertificate one = stage.startReady(clock);
        SharedCertificate two = stage.startReady(clock);
        String secret = stage.secret().getMetadata().getResourceVersion();
        String webhook = stage.webhook().getMetadata().getResourceVersion();
        for (int i = 0; i < 5; i++) {
            one.reconcile();
            two.reconcile();
        }
        assertThat(stage.secret().getMetadata().getResourceVersion()).isEqualTo(secret);
        assertThat(stage.webhook().getMetadata().getResourceVersion()).isEqualTo(webhook);
        assertThat(stage.observed.published).hasValue(1);
    }

    @Test
    @DisplayName("the Secret that the chart makes empty is filled, which is not a repair")
    void emptyAtFirst() {
        stage.createEmptySecret();
        stage.startReady(clock);
        await("an event", () -> !stage.events(stage.name, "CertificateIssued").isEmpty());
        assertThat(stage.stored().isWhole()).isTrue();
        assertThat(stage.events(stage.name, "SecretRepaired")).isEmpty();
        assertThat(stage.observed.healed).hasValue(0);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"deleted", "empty", "rubbish", "expired"})
    @DisplayName("a Secret that was damaged is repaired within seconds, and served is what was served")
    void secretHealed(String damage) {
        SharedCertificate one = stage.startReady(clock);
        stage.startReady(clock);
        CertificateSecret before = stage.stored();
        damage(damage);
        await("healed", () -> stage.stored().isWhole() && holdsAll(stage.stored(), before));
        await("published", stage::isPublished);
        assertThat(one.current().certificate())
                .isEqualTo(before.serving().orElseThrow().certificate());
        if (!damage.equals("expired")) {
            assertThat(stage.stored().holdsSameAs(before)).isTrue();
            assertThat(stage.observed.authorities).as("made").hasValue(1);
            await("counted", () -> stage.observed.healed.get() == 1);
            await("an event", () -> !stage.events(stage.name, "SecretRepaired").isEmpty());
        }
    }

    @Test
    @DisplayName("a Secret of another authority is taken over when everybody has had time to see that one")
    void anotherAuthority() {
        SharedCertificate one = stage.startReady(clock);
        SharedCertificate two = stage.startReady(clock);
        AtomicInteger changes = new AtomicInteger();
        one.onChange(changes::incrementAndGet);
        X509Certificate before = one.current().certificate();
        CertificateAuthority other = CertificateAuthority.create(clock, Duration.ofDays(30));
        ServingCertificate others =
                other.issue(stage.settings(CertificateStage.RARELY).names(), clock, Duration.ofDays(9));
        stage.overwriteSecret(
                CertificateSecret.of(other, others, CaBundle.EMPTY.with(other)).data());
        await("both trusted", () -> stage.trusted().certificates().contains(other.certificate()));
        one.reconcile();
        two.reconcile();
        assertThat(stage.trusted().issuerOf(one.current())).isPresent();
        assertThat(one.current().certificate()).as("not yet").isEqualTo(before);
        assertThat(stage.trusted().certificates()).hasSize(2);
        clock.travel(Duration.ofHours(7));
        one.reconcile();
        two.reconcile();
        assertThat(one.current().certificate()).isEqualTo(others.certificate());
        assertThat(two.current().certificate()).isEqualTo(others.certificate());
        assertThat(changes).hasValue(1);
    }

    @Test
    @DisplayName("keys that have leaked are gone when every replica was ended and the Secret deleted")
    void keysLeaked() {
        SharedCertificate one = stage.startReady(clock);
        CaBundle leaked = stage.trusted();
        one.close();
        stage.secretResource().delete();
        stage.startReady(clock);
        assertThat(stage.trusted().certificates()).hasSize(1).doesNotContainAnyElementsOf(leaked.certificates());
    }

    @Test
    @DisplayName("a Secret that is immutable is said to be, and its deletion repairs it")
    void immutable() {
        Secret wrong = new SecretBuilder()
                .withNewMetadata()
                .withNamespace(stage.name)
                .withName(stage.secretName.name())
                .endMetadata()
                .withImmutable(true)
                .addToData("tls.crt", "cnViYmlzaA==")
                .build();
        stage.client.resource(wrong).create();
        SharedCertificate one = stage.start(stage.client, stage.settings(CertificateStage.OFTEN), clock);
        await(
                "said",
                () -> one.problem().filter(said -> said.contains("immutable")).isPresent());
        assertThat(one.isReady()).isFalse();
        assertThat(one.current()).as("a stand-in").isNotNull();
        stage.secretResource().delete();
        await("ready", one::isReady);
        assertThat(one.problem()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"taken away, as a helm upgrade does", "another authority", "one of two webhooks"})
    @DisplayName("an overwritten caBundle is restored within seconds, and an event says so")
    void bundleRepaired(String damage) {
        stage.startReady(clock);
        stage.startReady(clock);
        CaBundle before = stage.trusted();
        String path = stage.path();
        switch (damage) {
            case "another authority":
                stage.overwriteBundle(
                        CertificateAuthority.create(clock, Duration.ofDays(1)).certificatePem());
                break;
            case "one of two webhooks":
                stage.editWebhook(old -> {
                    old.getWebhooks().get(1).getClientConfig().setCaBundle(null);
                    return old;
                });
                break;
            default:
                stage.overwriteBundle(null);
        }
        await("repaired", () -> stage.trusted().equals(before));
        await("counted", () -> stage.observed.repaired.get() == 1);
        await("an event", () -> !stage.events("default", "CaBundleRepaired").isEmpty());
        assertThat(stage.webhook().getMetadata().getManagedFields())
                .anySatisfy(fields -> assertThat(fields.getManager()).isEqualTo("stowage-tls"));
        assertThat(stage.webhook().getWebhooks()).allSatisfy(webhook -> assertThat(
                        webhook.getClientConfig().getService().getPath())
                .as("nothing else changed")
                .isEqualTo(path));
    }

    @Test
    @DisplayName("a configuration that is not there is waited for")
    void webhookMissing() throws Exception {
        stage.close();
        stage = new CertificateStage();
        SharedCertificate one = stage.startReady(clock);
        assertThat(one.problem()).hasValueSatisfying(said -> assertThat(said)
                .contains("ValidatingWebhookConfiguration \"" + stage.name + "\" (tls.webhook) does not exist")
                .contains("tls.webhook"));
        stage.createWebhook();
        await("published", stage::isPublished);
        await("nothing to complain of", () -> one.problem().isEmpty());
    }

    @Test
    @DisplayName("while the API server is away the last certificate is served; afterwards everything is repaired")
    void apiServerAway() throws Exception {
        SharedCertificate one = stage.start(stage.client, stage.settings(CertificateStage.OFTEN), clock);
        await("ready", one::isReady);
        X509Certificate before = one.current().certificate();
        stage.server.crash(() -> {
            one.reconcile();
            assertThat(one.current().certificate()).isEqualTo(before);
            assertThat(one.problem()).isPresent();
            assertThat(one.isReady()).isTrue();
        });
        stage.overwriteBundle(null);
        stage.secretResource().delete();
        await("healed", stage::isPublished);
        assertThat(one.current().certificate()).isEqualTo(before);
        await("nothing to complain of", () -> one.problem().isEmpty());
    }

    private void damage(String damage) {
        switch (damage) {
            case "deleted":
                stage.secretResource().delete();
                break;
            case "expired":
                TravelClock past = new TravelClock(clock.instant().minus(Duration.ofDays(100)));
                CertificateAuthority old = CertificateAuthority.create(past, Duration.ofDays(30));
                ServingCertificate leaf =
                        old.issue(stage.settings(CertificateStage.RARELY).names(), past, Duration.ofDays(9));
                stage.overwriteSecret(CertificateSecret.of(old, leaf, CaBundle.EMPTY.with(old))
                        .data());
                break;
            case "empty":
                stage.overwriteSecret(Map.of("tls.crt", "", "tls.key", ""));
                break;
            default:
                Map<String, String> data = new HashMap<>(stage.secret().getData());
                data.replaceAll((key, value) -> "cnViYmlzaA==");
                stage.overwriteSecret(data);
        }
    }

    /** Whether everybody trusts at least whom they trusted before. */
    private static boolean holdsAll(CertificateSecret now, CertificateSecret before) {
        return now.bundle().certificates().containsAll(before.bundle().certificates());
    }
}
