package dev.stowage.registry.credentials.cloud;

import static dev.stowage.registry.credentials.cloud.FakeCloud.ask;
import static dev.stowage.registry.credentials.cloud.FakeCloud.ok;
import static dev.stowage.registry.credentials.cloud.FakeCloud.repository;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.registry.Credential;
import dev.stowage.testing.FakeRegistryAnswer;
import dev.stowage.testing.FakeRegistryServer.Handler;
import dev.stowage.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoogleCloudTest {

    private static final String ACCOUNTS = "169.254.169.254/computeMetadata/v1/instance/service-accounts/";
    private static final String TOKEN = ACCOUNTS + "default/token";
    private static final String IMAGE = "europe-west1-docker.pkg.dev/project/repo/app:v1";

    private final FakeCloud cloud = new FakeCloud();
    private final LogCapture log = new LogCapture(CloudCredentials.class);
    private CloudCredentials credentials;

    @AfterEach
    void end() {
        if (credentials != null) {
            credentials.close();
        }
        log.close();
        cloud.close();
    }

    private void start(Handler token) {
        cloud.service(ACCOUNTS, google(ok("default/"))).service(TOKEN, token);
        credentials = cloud.credentials(false, true, false);
    }

    private static FakeRegistryAnswer google(FakeRegistryAnswer answer) {
        return answer.header("Metadata-Flavor", "Google");
    }

    private String problem() {
        assertThat(ask(credentials, IMAGE)).isEmpty();
        String problem = credentials.problem(repository(IMAGE)).orElseThrow();
        assertThat(log.with(problem)).as("logged once").hasSize(1);
        return problem;
    }

    @Test
    @DisplayName("the metadata server's token is the password for all of Google's registries")
    void token() {
        start(google(ok("{\"access_token\":\"ya29.token\",\"expires_in\":3599,\"token_type\":\"Bearer\"}")));

        assertThat(ask(credentials, IMAGE)).containsExactly(new Credential("oauth2accesstoken", "ya29.token"));
        assertThat(ask(credentials, "gcr.io/project/app")).hasSize(1);
        assertThat(cloud.at(TOKEN)).singleElement().satisfies(request -> assertThat(request.header("Metadata-Flavor"))
                .isEqualTo("Google"));
        assertThat(credentials.permission(repository(IMAGE)).orElseThrow()).contains("roles/artifactregistry.reader");
        assertThat(log.lines().toString()).doesNotContain("ya29");
    }

    @Test
    @DisplayName("something else at the address, as on other clouds, is no metadata server of Google")
    void anotherServer() {
        cloud.service(ACCOUNTS, ok("default/")).service(TOKEN, ok("{\"access_token\":\"x\",\"expires_in\":3599}"));
        credentials = cloud.credentials(false, true, false);

        assertThat(ask(credentials, IMAGE)).isEmpty();
        assertThat(credentials.problem(repository(IMAGE))).isEmpty();
        assertThat(cloud.at(TOKEN)).isEmpty();
    }

    @Test
    void aTokenThatDoesNotSayWhereItIsFromIsNotUsed() {
        start(ok("{\"access_token\":\"x\",\"expires_in\":3599}"));

        assertThat(problem()).contains("is not one");
    }

    @Test
    void aRefusalNamesTheRole() {
        start(google(FakeCloud.refusal(403, "Unable to generate access token; secret-text")));

        assertThat(problem())
                .contains("(HTTP 403)", "roles/iam.workloadIdentityUser")
                .doesNotContain("secret-text");
    }

    @Test
    void aNodeWithoutServiceAccountIsNamed() {
        start(google(FakeRegistryAnswer.status(404)));

        assertThat(problem()).contains("the node has no service account", "Workload Identity");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "<html>", "{}", "{\"access_token\":\"x\"}", "{\"access_token\":\"a b\",\"expires_in\":60}"})
    void rubbishIsNoToken(String body) {
        start(google(ok(body)));

        assertThat(problem()).contains("returned something that is not a token");
    }

    @Test
    void aTokenLongerThanIsKeptIsNone() {
        start(google(ok("{\"access_token\":\"" + "x".repeat(CloudToken.MAX_LENGTH + 1) + "\",\"expires_in\":60}")));

        assertThat(problem()).contains("returned something that is not a token");
    }

    @Test
    void aBodyThatSeemsToBeUtf32IsNoToken() {
        start(google(ok("{\0\0\0\0\0\0\0\0\0\0\0aaaaaaaa")));

        assertThat(problem()).contains("returned something that is not a token");
    }
}
