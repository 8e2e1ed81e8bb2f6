package dev.stowage.engine;

import static dev.stowage.registry.credentials.plugin.PluginFolder.auth;
import static dev.stowage.registry.credentials.plugin.PluginFolder.provider;
import static dev.stowage.registry.credentials.plugin.PluginFolder.respond;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.demo.SampleImages;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Credential;
import dev.stowage.registry.credentials.CredentialProvider;
import dev.stowage.registry.credentials.PullSecretKeyring;
import dev.stowage.registry.credentials.plugin.CredentialPlugins;
import dev.stowage.registry.credentials.plugin.PluginFolder;
import dev.stowage.testing.RealRegistry;
import dev.stowage.testing.RegistryPusher;
import dev.stowage.testing.RequiresRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Reviews of images at the real CNCF registry, with a password that only a credential provider plug-in knows. */
@RequiresRegistry
@DisabledOnOs(OS.WINDOWS)
class CredentialPluginIT {

    private static final String USER = "robot";
    private static final String PASSWORD = "correct:horse";

    @TempDir
    Path folder;

    @TempDir
    Path programs;

    private RealRegistry registry;

    @BeforeEach
    void start() throws IOException {
        String hash = OpenBSDBCrypt.generate("2y", PASSWORD.toCharArray(), "0123456789abcdef".getBytes(), 4);
        Path users = Files.writeString(folder.resolve("htpasswd"), USER + ":" + hash + "\n");
        registry = new RealRegistry(folder, "", "auth: {htpasswd: {realm: test, path: " + users + "}}");
        SampleImages images = new SampleImages(new RegistryPusher(
                HttpClient.newHttpClient(),
                "http://" + registry.host(),
                "team/app",
                new Credential(USER, PASSWORD).basic()));
        images.image("amd64-only", Platform.of("linux", "amd64"));
    }

    @AfterEach
    void end() {
        registry.close();
    }

    @Test
    @DisplayName("A plug-in's password reads the image, once for all reviews")
    void read() {
        PluginFolder plugin = new PluginFolder(programs)
                .install("p", respond("Registry", "1h", auth(registry.host() + "/team", USER, PASSWORD)));
        try (CredentialPlugins plugins = plugins(plugin);
                Reviewing reviewing = reviewing(plugins)) {
            for (int i = 0; i < 3; i++) {
                assertThat(reviewing.said(registry.host() + "/team/app:amd64-only"))
                        .contains("linux/amd64")
                        .contains("linux/arm64")
                        .doesNotContain("401")
                        .doesNotContain(PASSWORD);
            }
            assertThat(reviewing.said(registry.host() + "/team/none:x")).contains("does not exist");
        }
        assertThat(plugin.runs()).isEqualTo(1);
    }

    @Test
    @DisplayName("A plug-in that fails is named where the registry refuses")
    void failed() {
        PluginFolder plugin = new PluginFolder(programs).install("p", "echo " + PASSWORD + " >&2; exit 1");
        try (CredentialPlugins plugins = plugins(plugin);
                Reviewing reviewing = reviewing(plugins)) {
            assertThat(reviewing.said(registry.host() + "/team/app:amd64-only"))
                    .contains("could not be checked")
                    .contains("returned 401")
                    .contains("credential plug-in \"p\" failed with exit code 1; run it by hand")
                    .doesNotContain(PASSWORD);
        }
    }

    private CredentialPlugins plugins(PluginFolder plugin) {
        return new CredentialPlugins(
                plugin.specs(provider("p", registry.host(), "1h")), Ticker.systemTicker(), problem -> {});
    }

    private static Reviewing reviewing(CredentialPlugins plugins) {
        return new Reviewing(
                new PullSecretKeyring("shop", List.of(), plugins, List.of(), CredentialProvider.NONE, List.of(), true),
                settings -> settings);
    }
}
