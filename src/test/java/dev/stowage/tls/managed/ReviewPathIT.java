package dev.stowage.tls.managed;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.ReviewPaths;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.TravelClock;
import dev.stowage.tls.CertificateAuthority;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The path of reviews, as replicas agree on it through a real API server. */
@RequiresApiServer
class ReviewPathIT {

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

    @Test
    @DisplayName("every webhook names one path of at least 128 bits, which all replicas accept, and no other")
    void published() {
        SharedCertificate one = stage.startReady(clock);
        SharedCertificate two = stage.startReady(clock);
        String path = stage.path();

        assertThat(path).matches("/validate/[0-9a-f]{32,}");
        assertThat(List.of(one, two)).allSatisfy(replica -> {
            assertThat(replica.accepts(path)).isTrue();
            assertThat(List.of(
                            "/validate",
                            "/",
                            "",
                            path + "/",
                            path.substring(0, path.length() - 1),
                            path.toUpperCase(Locale.ROOT)))
                    .noneMatch(replica::accepts);
        });
        assertThat(stage.observed.paths).as("written").hasValue(1);
        await("an event", () -> !stage.events("default", "ReviewPathPublished").isEmpty());
        assertThat(stage.events("default", "ReviewPathPublished"))
                .allSatisfy(event -> assertThat(event.toString()).doesNotContain(path));
    }

    @Test
    @DisplayName("another installation has another path")
    void notTheSameElsewhere() throws Exception {
        stage.startReady(clock);
        String path = stage.path();
        stage.close();
        stage = new CertificateStage();
        stage.createWebhook();
        stage.startReady(clock);

        assertThat(stage.path()).isNotEmpty().isNotEqualTo(path);
    }

    @Test
    @DisplayName("a webhook that is called by its URL keeps host and port, and its path changes")
    void byUrl() {
        stage.editWebhook(old -> {
            old.getWebhooks().forEach(webhook -> {
                webhook.getClientConfig().setService(null);
                webhook.getClientConfig().setUrl("https://127.0.0.1:8443/validate");
            });
            return old;
        });
        SharedCertificate one = stage.startReady(clock);

        assertThat(stage.webhook().getWebhooks()).allSatisfy(webhook -> {
            String url = webhook.getClientConfig().getUrl();
            assertThat(url).startsWith("https://127.0.0.1:8443/validate/");
            assertThat(one.accepts(url.replace("https://127.0.0.1:8443", ""))).isTrue();
        });
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", "/validate", "/attack"})
    @DisplayName("a path that was overwritten is restored within seconds, and an event says so")
    void repaired(String overwritten) {
        SharedCertificate one = stage.startReady(clock);
        stage.startReady(clock);
        String path = stage.path();
        stage.overwritePath(overwritten.isEmpty() ? null : overwritten);

        await("repaired", () -> stage.path().equals(path));
        await("counted", () -> stage.observed.repairedPaths.get() == 1);
        await("an event", () -> !stage.events("default", "ReviewPathRepaired").isEmpty());
        assertThat(one.accepts(overwritten)).isFalse();
        assertThat(stage.observed.repaired).as("caBundles").hasValue(0);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"merge patch", "server-side apply"})
    @DisplayName("a tool that applies the configuration without the field leaves the path alone")
    void appliedWithoutTheField(String how) {
        ValidatingWebhookConfiguration chart = new ValidatingWebhookConfigurationBuilder(stage.webhook())
                .editMetadata()
                .withManagedFields()
                .withResourceVersion(null)
                .withUid(null)
                .withCreationTimestamp(null)
                .addToLabels("version", "2")
                .endMetadata()
                .build();
        stage.startReady(clock);
        String path = stage.path();
        if (how.equals("server-side apply")) {
            stage.client.resource(chart).fieldManager("chart").forceConflicts().serverSideApply();
        } else {
            stage.editWebhook(old -> {
                old.getMetadata().setLabels(Map.of("version", "2"));
                return old;
            });
        }

        assertThat(stage.webhook().getMetadata().getLabels()).containsEntry("version", "2");
        assertThat(stage.path()).isEqualTo(path);
        assertThat(stage.observed.repairedPaths).hasValue(0);
    }

    @Test
    @DisplayName("a new authority brings a new path; every replica accepts both before the webhook names the new one")
    void rotates() {
        SharedCertificate one = stage.startReady(clock);
        SharedCertificate two = stage.startReady(clock);
        String before = stage.path();
        X509Certificate old = stage.stored().authority().orElseThrow().certificate();
        while (stage.stored().authority().orElseThrow().certificate().equals(old)) {
            clock.travel(Duration.ofDays(1));
            one.reconcile();
            two.reconcile();
        }
        CertificateAuthority next = stage.stored().authority().orElseThrow();
        String after = stage.stored().pathKey().orElseThrow().path(next.certificate());

        assertThat(stage.path()).as("not before everybody knows it").isEqualTo(before);
        assertThat(List.of(one, two)).allMatch(replica -> replica.accepts(before) && replica.accepts(after));

        clock.travel(Duration.ofHours(7));
        one.reconcile();
        two.reconcile();
        assertThat(stage.path()).isEqualTo(after).isNotEqualTo(before);
        SharedCertificate late = stage.startReady(clock);
        assertThat(List.of(one, two, late))
                .as("while the old authority is trusted")
                .allMatch(replica -> replica.accepts(before) && replica.accepts(after));
        assertThat(stage.trusted().certificates()).contains(old);

        for (int day = 0; day < 12; day++) {
            clock.travel(Duration.ofDays(1));
            one.reconcile();
            two.reconcile();
        }
        assertThat(stage.trusted().certificates()).doesNotContain(old);
        assertThat(List.of(one, two)).noneMatch(replica -> replica.accepts(before));
        assertThat(stage.observed.repairedPaths).hasValue(0);
    }

    @Test
    @DisplayName("another key in the Secret brings another path, after every replica has had time to accept it")
    void anotherKey() {
        SharedCertificate one = stage.startReady(clock);
        SharedCertificate two = stage.startReady(clock);
        String before = stage.path();
        Map<String, String> data = new HashMap<>(stage.secret().getData());
        data.put(ReviewPathKey.FIELD, ReviewPathKey.create().data());
        stage.overwriteSecret(data);
        one.reconcile();
        two.reconcile();
        String after = stage.stored().path().orElseThrow();

        assertThat(after).isNotEqualTo(before);
        assertThat(stage.path()).as("not before everybody accepts it").isEqualTo(before);
        assertThat(List.of(one, two)).allMatch(replica -> replica.accepts(before) && replica.accepts(after));

        clock.travel(Duration.ofHours(6));
        one.reconcile();
        two.reconcile();
        assertThat(stage.path()).isEqualTo(after);
        assertThat(List.of(one, two)).allMatch(replica -> replica.accepts(after));
        clock.travel(Duration.ofHours(6));
        one.reconcile();
        two.reconcile();
        assertThat(List.of(one, two)).noneMatch(replica -> replica.accepts(before));
        assertThat(stage.observed.repairedPaths).hasValue(0);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"deleted", "without the key"})
    @DisplayName("a Secret that was damaged does not change the path")
    void secretDamaged(String damage) {
        stage.startReady(clock);
        String path = stage.path();
        CertificateSecret before = stage.stored();
        if (damage.equals("deleted")) {
            stage.secretResource().delete();
        } else {
            Map<String, String> data = new HashMap<>(stage.secret().getData());
            data.remove(ReviewPathKey.FIELD);
            stage.overwriteSecret(data);
        }

        await("repaired", () -> stage.stored().holdsSameAs(before));
        assertThat(stage.path()).isEqualTo(path);
    }

    @Test
    @DisplayName("where the path is not to be secret it is /validate, and written, too")
    void fixed() {
        SharedCertificate one = startFixed();

        assertThat(stage.path()).isEqualTo("/validate");
        assertThat(one.accepts("/validate")).isTrue();
    }

    @Test
    @DisplayName("while the setting is rolled out, replicas of both kinds do not fight, and no accepted path is lost")
    void switched() {
        SharedCertificate secret = stage.startReady(clock);
        String path = stage.path();
        SharedCertificate fixed = startFixed();
        for (int i = 0; i < 3; i++) {
            clock.travel(Duration.ofHours(7));
            fixed.reconcile();
            secret.reconcile();
        }

        assertThat(stage.path()).isEqualTo(path);
        assertThat(List.of(secret, fixed)).allMatch(replica -> replica.accepts(path));
        assertThat(stage.observed.paths).hasValue(1);
    }

    private SharedCertificate startFixed() {
        CertificateSettings usual = stage.settings(CertificateStage.RARELY);
        SharedCertificate one = stage.start(
                stage.client,
                new CertificateSettings(
                        usual.secret(),
                        usual.webhook(),
                        usual.names(),
                        usual.authorityLife(),
                        usual.certificateLife(),
                        usual.overlap(),
                        usual.checkInterval(),
                        false,
                        false),
                clock);
        await("ready", one::isReady);
        return one;
    }

    @Test
    @DisplayName("where another program manages the certificate, replicas agree on a path through a Secret of its own")
    void withoutTheCertificate() throws Exception {
        stage.createEmptySecret();
        stage.overwriteBundle(
                CertificateAuthority.create(clock, Duration.ofDays(1)).certificatePem());
        String bundle = stage.webhook().getWebhooks().get(0).getClientConfig().getCaBundle();
        SharedReviewPath one = startPath();
        SharedReviewPath two = startPath();
        await("ready", () -> one.isReady() && two.isReady());
        String path = stage.path();

        assertThat(path).matches("/validate/[0-9a-f]{32,}");
        assertThat(List.<ReviewPaths>of(one, two))
                .allMatch(replica -> replica.accepts(path) && !replica.accepts("/validate"));
        assertThat(stage.secret().getData()).containsOnlyKeys(ReviewPathKey.FIELD);
        assertThat(stage.observed.paths).hasValue(1);

        stage.overwritePath("/validate");
        await("restored", () -> stage.path().equals(path));
        Secret before = stage.secret();
        stage.secretResource().delete();
        await("kept", () -> stage.secret() != null && stage.secret().getData().equals(before.getData()));
        assertThat(stage.path()).isEqualTo(path);
        assertThat(stage.webhook().getWebhooks())
                .as("the certificate is another program's")
                .allSatisfy(webhook ->
                        assertThat(webhook.getClientConfig().getCaBundle()).isEqualTo(bundle));
        assertThat(one.problem()).isEmpty();
    }

    private SharedReviewPath startPath() {
        return stage.closing(SharedReviewPath.start(
                stage.client, stage.secretName, stage.name, false, CertificateStage.RARELY, clock, stage.observed));
    }
}
