package dev.stowage.registry.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.ImageReference;
import dev.stowage.image.Repository;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Content;
import dev.stowage.registry.Credential;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.client.HttpRegistry;
import dev.stowage.testing.RealRegistry;
import dev.stowage.testing.RealTokenService;
import dev.stowage.testing.RegistryPusher;
import dev.stowage.testing.RequiresRegistry;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe for GHCR and GitLab in docs/credentials.md: the secrets of its commands, at a registry with a token service. */
@RequiresRegistry
class TokenSecretsIT {

    private static final Pattern COMMAND = Pattern.compile("kubectl -n shop create secret docker-registry (\\S+)"
            + " --docker-server=(\\S+) --docker-username=(\\S+) --docker-password=(\\S+)");

    @TempDir
    private Path folder;

    @Test
    void theSecretsOfThePageReadPrivateImages() throws Exception {
        List<MatchResult> commands = COMMAND.matcher(Files.readString(Path.of("docs/credentials.md")))
                .results()
                .toList();
        List<PullSecret> secrets =
                commands.stream().map(TokenSecretsIT::created).toList();
        assertThat(commands).extracting(command -> command.group(2)).containsExactly("ghcr.io", "registry.gitlab.com");

        for (String image : List.of("ghcr.io/acme/app:v1", "registry.gitlab.com/acme/project/app:v1")) {
            ReadCredentials found = credentials(secrets, image);
            assertThat(found.credentials()).containsExactly(new Credential("USER", "TOKEN"));
            assertThat(found.ofPod()).isTrue();
        }
        assertThat(credentials(secrets, "ghcr.io.evil.example/acme/app:v1").credentials())
                .isEmpty();
        assertThat(credentials(secrets, "gitlab.com/acme/app:v1").credentials()).isEmpty();
        assertReadable(credentials(secrets, "ghcr.io/acme/app:v1"));
    }

    /** As kubectl writes it. */
    private static PullSecret created(MatchResult command) {
        String json = "{\"auths\":{\"" + command.group(2) + "\":{\"username\":\"" + command.group(3)
                + "\",\"password\":\"" + command.group(4) + "\"}}}";
        return PullSecret.of(
                command.group(1),
                "kubernetes.io/dockerconfigjson",
                Map.of(".dockerconfigjson", json.getBytes(StandardCharsets.UTF_8)));
    }

    private static ReadCredentials credentials(List<PullSecret> secrets, String image) {
        return new PullSecretKeyring(secrets, List.of(), CredentialProvider.NONE, List.of(), true)
                .credentialsFor(ImageReference.parse(image).repository(), Deadline.in(Duration.ofSeconds(60)))
                .join()
                .fold(found -> found, failure -> {
                    throw new AssertionError(failure);
                });
    }

    private void assertReadable(ReadCredentials credentials) throws Exception {
        try (RealTokenService service = new RealTokenService("USER", "TOKEN")) {
            Path bundle = Files.writeString(folder.resolve("bundle.pem"), service.certificate());
            try (RealRegistry real = new RealRegistry(folder, "", service.configuration(bundle))) {
                new SampleImages(new RegistryPusher(
                                HttpClient.newHttpClient(),
                                "http://" + real.host(),
                                "private/app",
                                "Bearer " + service.token("private/app", "\"pull\",\"push\"")))
                        .image("v1", Platform.of("linux", "amd64"));

                assertThat(read(real, credentials)).isInstanceOf(RegistryResult.Success.class);
                assertThat(read(real, ReadCredentials.ANONYMOUS)).isInstanceOf(RegistryResult.Failure.class);
            }
        }
    }

    private static RegistryResult<Content> read(RealRegistry real, ReadCredentials credentials) {
        try (HttpRegistry client = new HttpRegistry(RegistrySettings.DEFAULT, RegistryObserver.NONE)) {
            return client.manifest(
                            new Repository(real.host(), "private/app"),
                            "v1",
                            credentials,
                            Deadline.in(Duration.ofSeconds(60)))
                    .join();
        }
    }
}
