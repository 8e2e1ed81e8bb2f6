package dev.stowage.apiserver;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.Reviews;
import dev.stowage.testing.TrustingClient;
import dev.stowage.tls.CertificateAuthority;
import dev.stowage.tls.ServingCertificate;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built application and a real API server agree on a path of reviews, which nobody else can guess. */
@RequiresApiServer
class ServedPathIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NAME = "served-path";
    private static final byte[] DENIED =
            Reviews.create(Reviews.pod("main=r.example/UPPER:1")).bytes();

    private final CertificateAuthority authority = CertificateAuthority.create(Clock.systemUTC(), Duration.ofDays(1));

    @TempDir
    private Path folder;

    private KubernetesClient client;

    @BeforeEach
    void namespace() {
        client = ApiServer.shared().client();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .endMetadata()
                        .build())
                .serverSideApply();
    }

    @AfterEach
    void clean() {
        client.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(NAME)
                .delete();
        client.secrets().inNamespace(NAME).withName(NAME).delete();
        client.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"managed", "files"})
    @DisplayName("the API server's reviews are answered; a review to /validate, or to any other path, is not")
    void onlyTheApiServer(String mode) throws Exception {
        try (ServedJar served = new ServedJar(ApiServer.shared(), folder, tls(mode), Map.of("POD_NAMESPACE", NAME))) {
            register(served.port, mode);
            served.awaitReady();

            await("the API server to ask", PATIENCE, served::output, () -> refusal()
                    .contains("denied the request"));
            URI entered = URI.create(clientUrl());
            assertThat(entered.getPath()).matches("/validate/[0-9a-f]{64}");
            assertThat(post(entered)).isEqualTo(200);
            for (String guess : List.of("/validate", "/", "/validate/", "/validate/" + "0".repeat(64), "/health")) {
                assertThat(post(entered.resolve(guess))).as(guess).isEqualTo(404);
            }
            assertThat(served.output()).doesNotContain(entered.getPath());
        }
    }

    private String tls(String mode) throws Exception {
        if (mode.equals("managed")) {
            return "{mode: managed, secret: %1$s, webhook: %1$s, subjectAltNames: [127.0.0.1]}".formatted(NAME);
        }
        ServingCertificate given = authority.issue(List.of("127.0.0.1"), Clock.systemUTC(), Duration.ofDays(1));
        return "{mode: files, certificateFile: %s, keyFile: %s, secretPath: true, secret: %3$s, webhook: %3$s}"
                .formatted(
                        Files.writeString(folder.resolve("tls.crt"), given.chainPem()),
                        Files.writeString(folder.resolve("tls.key"), given.keyPem()),
                        NAME);
    }

    /** Neither path nor, in mode managed, caBundle stand there, as in the chart. */
    private void register(int port, String mode) {
        String bundle =
                Base64.getEncoder().encodeToString(authority.certificatePem().getBytes(StandardCharsets.US_ASCII));
        client.resource(new ValidatingWebhookConfigurationBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .endMetadata()
                        .addNewWebhook()
                        .withName("validate.stowage.dev")
                        .withAdmissionReviewVersions("v1")
                        .withSideEffects("NoneOnDryRun")
                        .withFailurePolicy("Fail")
                        .withNewClientConfig()
                        .withUrl("https://127.0.0.1:" + port)
                        .withCaBundle(mode.equals("files") ? bundle : null)
                        .endClientConfig()
                        .withNewNamespaceSelector()
                        .addToMatchLabels("kubernetes.io/metadata.name", NAME)
                        .endNamespaceSelector()
                        .addNewRule()
                        .withApiGroups("")
                        .withApiVersions("v1")
                        .withOperations("CREATE")
                        .withResources("pods")
                        .endRule()
                        .endWebhook()
                        .build())
                .create();
    }

    private String clientUrl() {
        return webhook().getUrl();
    }

    private WebhookClientConfig webhook() {
        return client.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(NAME)
                .get()
                .getWebhooks()
                .get(0)
                .getClientConfig();
    }

    private String refusal() {
        try {
            client.resource(new PodBuilder()
                            .withNewMetadata()
                            .withGenerateName("path-")
                            .withNamespace(NAME)
                            .endMetadata()
                            .withNewSpec()
                            .addNewContainer()
                            .withName("main")
                            .withImage("r.example/UPPER:1")
                            .endContainer()
                            .endSpec()
                            .build())
                    .dryRun()
                    .create();
            return "";
        } catch (KubernetesClientException e) {
            return e.getMessage();
        }
    }

    private int post(URI uri) throws Exception {
        String trusted = new String(Base64.getDecoder().decode(webhook().getCaBundle()), StandardCharsets.US_ASCII);
        return TrustingClient.of(trusted, HttpClient.Version.HTTP_1_1)
                .send(
                        HttpRequest.newBuilder(uri)
                                .timeout(TrustingClient.PATIENCE)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(DENIED))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }
}
