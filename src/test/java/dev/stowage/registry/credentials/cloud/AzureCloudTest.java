package dev.stowage.registry.credentials.cloud;

import static dev.stowage.registry.credentials.cloud.FakeCloud.ask;
import static dev.stowage.registry.credentials.cloud.FakeCloud.refusal;
import static dev.stowage.registry.credentials.cloud.FakeCloud.repository;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.registry.Credential;
import dev.stowage.testing.LogCapture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AzureCloudTest {

    private static final String ENTRA = "login.microsoftonline.com/tenant-1/oauth2/v2.0/token";
    private static final String EXCHANGE = "contoso.azurecr.io/oauth2/exchange";
    private static final String IMAGE = "contoso.azurecr.io/team/app:v1";
    private static final String ENVIRONMENT = "169.254.169.254/metadata/instance/compute/azEnvironment";
    private static final String MANAGED = "169.254.169.254/metadata/identity/oauth2/token";

    @TempDir
    private Path folder;

    private final FakeCloud cloud = new FakeCloud();
    private final LogCapture log = new LogCapture(CloudCredentials.class);
    private CloudCredentials credentials;

    @BeforeEach
    void services() throws Exception {
        cloud.json(ENTRA, "{\"access_token\":\"entra-token\",\"expires_in\":3599}");
        cloud.json(EXCHANGE, "{\"refresh_token\":\"" + refreshToken(Duration.ofHours(3)) + "\"}");
        cloud.environment.putAll(Map.of(
                "AZURE_FEDERATED_TOKEN_FILE",
                Files.writeString(folder.resolve("token"), "pod-token").toString(),
                "AZURE_CLIENT_ID",
                "client-1",
                "AZURE_TENANT_ID",
                "tenant-1",
                "AZURE_AUTHORITY_HOST",
                "https://login.microsoftonline.com/"));
    }

    @AfterEach
    void end() {
        if (credentials != null) {
            credentials.close();
        }
        log.close();
        cloud.close();
    }

    private void start() {
        credentials = cloud.credentials(false, false, true);
    }

    private static String refreshToken(Duration life) {
        String claims = "{\"iat\":1000000,\"exp\":" + (1_000_000 + life.toSeconds()) + "}";
        return "e30."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                + ".sig";
    }

    private String problem() {
        assertThat(ask(credentials, IMAGE)).isEmpty();
        String problem = credentials.problem(repository(IMAGE)).orElseThrow();
        assertThat(log.with(problem)).as("logged once").hasSize(1);
        assertThat(problem).doesNotContain("pod-token", "entra-token", "secret-text");
        return problem;
    }

    @Test
    @DisplayName("workload identity: pod's token, Entra's token, refresh token of the registry")
    void workloadIdentity() {
        start();

        assertThat(ask(credentials, IMAGE))
                .containsExactly(Credential.identityToken(refreshToken(Duration.ofHours(3))));
        assertThat(cloud.at(ENTRA)).singleElement().satisfies(request -> assertThat(request.body())
                .contains(
                        "client_id=client-1",
                        "client_assertion=pod-token",
                        "scope=https%3A%2F%2Fcontainerregistry.azure.net%2F.default"));
        assertThat(cloud.at(EXCHANGE)).singleElement().satisfies(request -> assertThat(request.body())
                .isEqualTo("grant_type=access_token&service=contoso.azurecr.io&access_token=entra-token"));
        assertThat(credentials.permission(repository(IMAGE)).orElseThrow()).contains("AcrPull");
        assertThat(cloud.requests()).as("no metadata service").hasSize(2);
    }

    @Test
    @DisplayName("the refresh token's own times say how long it is used")
    void life() {
        cloud.json(EXCHANGE, "{\"refresh_token\":\"" + refreshToken(Duration.ofMinutes(10)) + "\"}");
        start();
        ask(credentials, IMAGE);

        cloud.clock.travel(Duration.ofMinutes(4));
        ask(credentials, IMAGE);
        assertThat(cloud.at(EXCHANGE)).hasSize(1);
        cloud.clock.travel(Duration.ofMinutes(7));
        ask(credentials, IMAGE);
        assertThat(cloud.at(EXCHANGE)).hasSize(2);
    }

    @Test
    @DisplayName("managed identity: the one of AZURE_CLIENT_ID")
    void managedIdentity() {
        cloud.environment.keySet().removeIf(name -> !name.equals("AZURE_CLIENT_ID"));
        cloud.json(ENVIRONMENT, "AzurePublicCloud")
                .json(MANAGED, "{\"access_token\":\"node-token\",\"expires_in\":\"86399\"}");
        start();

        assertThat(ask(credentials, IMAGE)).hasSize(1);
        assertThat(cloud.at(MANAGED)).singleElement().satisfies(request -> {
            assertThat(request.header("Metadata")).isEqualTo("true");
            assertThat(request.target())
                    .contains("resource=https%3A%2F%2Fcontainerregistry.azure.net", "client_id=client-1");
        });
        assertThat(cloud.at(EXCHANGE).get(0).body()).endsWith("access_token=node-token");
    }

    @Test
    void severalManagedIdentitiesNeedAName() {
        cloud.environment.clear();
        cloud.json(ENVIRONMENT, "AzurePublicCloud")
                .service(
                        MANAGED, refusal(400, "{\"error\":\"invalid_request\",\"error_description\":\"secret-text\"}"));
        start();

        assertThat(problem()).contains("(HTTP 400)", "set AZURE_CLIENT_ID");
    }

    @Test
    @DisplayName("another cloud's metadata service is none of Azure's")
    void anotherServer() {
        cloud.environment.clear();
        cloud.service(ENVIRONMENT, refusal(404, "")).json(MANAGED, "{\"access_token\":\"x\"}");
        start();

        assertThat(ask(credentials, IMAGE)).isEmpty();
        assertThat(credentials.problem(repository(IMAGE))).isEmpty();
        assertThat(cloud.at(MANAGED)).isEmpty();
    }

    @Test
    void aServiceAccountThatIsNotFederatedIsNamed() {
        cloud.service(
                ENTRA,
                refusal(
                        400,
                        "{\"error\":\"invalid_client\",\"error_codes\":[700213],\"error_description\":\"secret-text\"}"));
        start();

        assertThat(problem()).contains("(AADSTS700213)", "federated credential", "system:serviceaccount:");
    }

    @Test
    void aMissingRoleIsNamed() {
        cloud.service(EXCHANGE, refusal(401, "{\"errors\":[{\"message\":\"secret-text\"}]}"));
        start();

        assertThat(problem())
                .isEqualTo(
                        "contoso.azurecr.io does not accept Stowage's identity (HTTP 401): assign it the role AcrPull on"
                                + " this registry");
    }

    @Test
    void rubbishIsNoToken() {
        cloud.json(EXCHANGE, "[1]");
        start();

        assertThat(problem()).contains("is not a refresh token");
    }

    @Test
    @DisplayName("the token of one cloud of Azure is not shown to another's registries")
    void otherClouds() {
        cloud.json("contoso.azurecr.cn/oauth2/exchange", "{}");
        start();

        assertThat(ask(credentials, "contoso.azurecr.cn/x")).isEmpty();
        assertThat(credentials.problem(repository("contoso.azurecr.cn/x")).orElseThrow())
                .contains("another cloud of Azure");
        assertThat(cloud.requests()).isEmpty();
    }

    @Test
    void anAuthorityThatIsNotAzuresIsSentNothing() {
        cloud.environment.put("AZURE_AUTHORITY_HOST", "https://evil.example/");
        cloud.json("evil.example/tenant-1/oauth2/v2.0/token", "{}");
        start();

        ask(credentials, IMAGE);
        assertThat(cloud.requests()).isEmpty();
    }
}
