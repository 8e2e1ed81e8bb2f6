package dev.stowage.tls.managed;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.testing.RequiresApiServer;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The configuration of the mutating webhook has the same authorities as the validating one, and a path of its own. */
@RequiresApiServer
class SteeringWebhookIT {

    private CertificateStage stage;

    @BeforeEach
    void open() {
        stage = new CertificateStage();
        stage.createWebhook();
    }

    @AfterEach
    void close() throws Exception {
        steering().delete();
        stage.close();
    }

    @Test
    @DisplayName("both are entered and restored; one that is made later, too")
    void both() {
        SharedCertificate replica = stage.start(stage.client, settings(true), Clock.systemUTC());
        await("ready", replica::isReady);
        await("its absence", () -> replica.problem()
                .filter(problem -> problem.contains("MutatingWebhookConfiguration"))
                .isPresent());

        create();
        await("entered", () -> !path().isEmpty());
        assertThat(stage.path()).matches("/validate/[0-9a-f]{64}");
        assertThat(path()).isEqualTo(stage.path().replace("/validate/", "/steer/"));
        assertThat(bundle()).isEqualTo(replica.caPem().orElseThrow());
        await("no problem", () -> replica.problem().isEmpty());

        String path = path();
        steering().edit(old -> {
            old.getWebhooks().get(0).getClientConfig().getService().setPath("/steer");
            old.getWebhooks().get(0).getClientConfig().setCaBundle(null);
            return old;
        });
        await(
                "restored",
                () -> path.equals(path()) && replica.caPem().orElseThrow().equals(bundle()));
        await("an Event", () -> stage.events("default", "ReviewPathRepaired").stream()
                .anyMatch(event -> event.getInvolvedObject().getKind().equals("MutatingWebhookConfiguration")));
    }

    @Test
    @DisplayName("where another program manages the certificate, only the path is entered")
    void pathOnly() {
        stage.createEmptySecret();
        create();
        SharedReviewPath replica = stage.closing(SharedReviewPath.start(
                stage.client,
                stage.secretName,
                stage.name,
                true,
                CertificateStage.RARELY,
                Clock.systemUTC(),
                stage.observed));

        await("ready", replica::isReady);
        assertThat(path()).matches("/steer/[0-9a-f]{64}").endsWith(stage.path().substring("/validate".length()));
        assertThat(webhook().getClientConfig().getCaBundle()).isNullOrEmpty();
    }

    @Test
    @DisplayName("without steering a configuration of this name is another program's")
    void off() {
        create();
        SharedCertificate replica = stage.start(stage.client, settings(false), Clock.systemUTC());
        await("ready", () -> replica.isReady() && !stage.path().isEmpty());

        assertThat(path()).isEmpty();
    }

    private CertificateSettings settings(boolean steering) {
        CertificateSettings usual = stage.settings(CertificateStage.RARELY);
        return new CertificateSettings(
                usual.secret(),
                usual.webhook(),
                usual.names(),
                usual.authorityLife(),
                usual.certificateLife(),
                Duration.ofMillis(1),
                usual.checkInterval(),
                true,
                steering);
    }

    private void create() {
        MutatingWebhook webhook = new MutatingWebhookBuilder()
                .withName("steer.stowage.dev")
                .withAdmissionReviewVersions("v1")
                .withSideEffects("None")
                .withFailurePolicy("Ignore")
                .withNewClientConfig()
                .withNewService(stage.name, "stowage", null, 443)
                .endClientConfig()
                .withNewNamespaceSelector()
                .addToMatchLabels("kubernetes.io/metadata.name", stage.name)
                .endNamespaceSelector()
                .build();
        stage.client
                .resource(new MutatingWebhookConfigurationBuilder()
                        .withNewMetadata()
                        .withName(stage.name)
                        .endMetadata()
                        .withWebhooks(webhook)
                        .build())
                .create();
    }

    private Resource<MutatingWebhookConfiguration> steering() {
        return stage.client
                .admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName(stage.name);
    }

    private MutatingWebhook webhook() {
        return steering().get().getWebhooks().get(0);
    }

    private String path() {
        String path = webhook().getClientConfig().getService().getPath();
        return path == null ? "" : path;
    }

    private String bundle() {
        String bundle = webhook().getClientConfig().getCaBundle();
        return bundle == null ? "" : new String(Base64.getDecoder().decode(bundle), StandardCharsets.US_ASCII);
    }
}
