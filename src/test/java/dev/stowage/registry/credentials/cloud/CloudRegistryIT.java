package dev.stowage.registry.credentials.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Repository;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Content;
import dev.stowage.registry.Credential;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.client.HttpRegistry;
import dev.stowage.testing.FakeRegistryAuth;
import dev.stowage.testing.RealRegistry;
import dev.stowage.testing.RealTokenService;
import dev.stowage.testing.RegistryPusher;
import dev.stowage.testing.RequiresRegistry;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The CNCF registry, which accepts nothing but what the exchange with the cloud yields. */
@RequiresRegistry
class CloudRegistryIT {

    private static final String REPOSITORY = "private/app";

    @TempDir
    private Path folder;

    private final FakeCloud cloud = new FakeCloud();
    private CloudCredentials credentials;

    @AfterEach
    void end() {
        credentials.close();
        cloud.close();
    }

    @Test
    @DisplayName("ECR: user and password of GetAuthorizationToken, by Basic")
    void ecr() throws Exception {
        new FakeAws(cloud).metadata().ecr(FakeAws.IRELAND, "eu-west-1", "ecr");
        credentials = cloud.credentials(true, false, false);
        Credential password = FakeAws.password(1);
        String hash = OpenBSDBCrypt.generate(
                "2y", password.secret().toCharArray(), "0123456789abcdef".getBytes(StandardCharsets.UTF_8), 4);
        Path users = Files.writeString(folder.resolve("htpasswd"), "AWS:" + hash + "\n");

        try (RealRegistry real = new RealRegistry(folder, "", "auth: {htpasswd: {realm: test, path: " + users + "}}")) {
            push(real, FakeRegistryAuth.basicHeader("AWS", password.secret()));

            assertReadable(real, FakeAws.IMAGE);
        }
    }

    @Test
    @DisplayName("Artifact Registry: the metadata server's token, at the registry's token service")
    void artifactRegistry() throws Exception {
        String accounts = "169.254.169.254/computeMetadata/v1/instance/service-accounts/";
        cloud.service(accounts, FakeCloud.ok("default/").header("Metadata-Flavor", "Google"));
        cloud.service(
                accounts + "default/token",
                FakeCloud.ok("{\"access_token\":\"ya29.token\",\"expires_in\":3599}")
                        .header("Metadata-Flavor", "Google"));
        credentials = cloud.credentials(false, true, false);

        try (RealTokenService service = new RealTokenService("oauth2accesstoken", "ya29.token")) {
            readFrom(service, "europe-west1-docker.pkg.dev/private/app:v1");
        }
    }

    @Test
    @DisplayName("ACR: the refresh token of the exchange, at the registry's token service")
    void containerRegistry() throws Exception {
        cloud.environment.putAll(Map.of(
                "AZURE_FEDERATED_TOKEN_FILE",
                Files.writeString(folder.resolve("pod-token"), "pod-token").toString(),
                "AZURE_CLIENT_ID",
                "client-1",
                "AZURE_TENANT_ID",
                "tenant-1"));
        cloud.json("login.microsoftonline.com/tenant-1/oauth2/v2.0/token", "{\"access_token\":\"entra-token\"}");
        cloud.json("contoso.azurecr.io/oauth2/exchange", "{\"refresh_token\":\"acr-refresh-token\"}");
        credentials = cloud.credentials(false, false, true);

        try (RealTokenService service = new RealTokenService("acr-refresh-token")) {
            readFrom(service, "contoso.azurecr.io/private/app:v1");
        }
    }

    private void readFrom(RealTokenService service, String image) throws Exception {
        Path bundle = Files.writeString(folder.resolve("bundle.pem"), service.certificate());
        try (RealRegistry real = new RealRegistry(folder, "", service.configuration(bundle))) {
            push(real, "Bearer " + service.token(REPOSITORY, "\"pull\",\"push\""));

            assertReadable(real, image);
        }
    }

    private static void push(RealRegistry real, String authorization) {
        new SampleImages(new RegistryPusher(
                        HttpClient.newHttpClient(), "http://" + real.host(), REPOSITORY, authorization))
                .image("v1", Platform.of("linux", "amd64"));
    }

    /** The registry stands in for the image's, whose name only decides what is presented. */
    private void assertReadable(RealRegistry real, String image) {
        List<Credential> found = FakeCloud.ask(credentials, image);

        assertThat(found).hasSize(1);
        assertThat(read(real, found)).isInstanceOf(RegistryResult.Success.class);
        assertThat(read(real, List.of())).isInstanceOf(RegistryResult.Failure.class);
        assertThat(read(real, List.of(new Credential(found.get(0).username(), "wrong"))))
                .isInstanceOf(RegistryResult.Failure.class);
    }

    private static RegistryResult<Content> read(RealRegistry real, List<Credential> presented) {
        try (HttpRegistry client = new HttpRegistry(RegistrySettings.DEFAULT, RegistryObserver.NONE)) {
            return client.manifest(
                            new Repository(real.host(), REPOSITORY),
                            "v1",
                            new ReadCredentials(presented),
                            Deadline.in(FakeCloud.LONG))
                    .join();
        }
    }
}
