package dev.stowage.registry.credentials.plugin;

import static dev.stowage.registry.credentials.plugin.PluginFolder.auth;
import static dev.stowage.registry.credentials.plugin.PluginFolder.print;
import static dev.stowage.registry.credentials.plugin.PluginFolder.provider;
import static dev.stowage.registry.credentials.plugin.PluginFolder.respond;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.async.Deadline;
import dev.stowage.image.Repository;
import dev.stowage.registry.Credential;
import dev.stowage.registry.credentials.ProvidedCredentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisabledOnOs(OS.WINDOWS)
@DisplayName("A plug-in that fails is named without anything of its output, and the others are still used")
class PluginFailuresTest {

    private static final String BY_HAND = "; run it by hand to see why (docs/credentials.md)";
    private static final String RESPONSE =
            "{\"kind\":\"CredentialProviderResponse\",\"apiVersion\":\"" + PluginFolder.VERSION + "\"";

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void failures(String name, String script, String problem) {
        PluginFolder plugin = new PluginFolder(folder)
                .install("bad", script)
                .install("good", respond("Image", "", auth("registry.io", "user", "secret")));
        List<String> logged = new CopyOnWriteArrayList<>();
        try (CredentialPlugins plugins = new CredentialPlugins(
                plugin.specs(provider("bad", "registry.io", "1h"), provider("good", "registry.io", "1h")),
                Ticker.systemTicker(),
                logged::add)) {
            ProvidedCredentials provided = plugins.provide(
                            new Repository("registry.io", "app"), "shop", Deadline.in(Duration.ofMinutes(2)))
                    .join();

            assertThat(provided)
                    .isEqualTo(new ProvidedCredentials(
                            List.of(new Credential("user", "secret")),
                            List.of("credential plug-in \"bad\" " + problem + BY_HAND)));
            assertThat(logged).containsExactly(provided.problems().get(0) + " (for registry.io/app)");
            assertThat(provided.problems().get(0)).doesNotContain("hunter2");
        }
    }

    static Stream<Arguments> failures() {
        String rubbish = "returned something that is not a CredentialProviderResponse in JSON";
        String version = "returned a response of another apiVersion than " + PluginFolder.VERSION;
        String fields = "returned a response with a wrong cacheKeyType, cacheDuration or auth";
        String login = "\"auth\":{" + auth("hunter2", "u", "hunter2") + "}";
        return Stream.of(
                arguments("it exits with a code", "echo hunter2; echo hunter2 >&2; exit 7", "failed with exit code 7"),
                arguments("it is killed", "kill -9 $$", "failed with exit code 137"),
                arguments("nothing", "exit 0", rubbish),
                arguments("rubbish", "echo hunter2", rubbish),
                arguments("a list", "echo '[\"hunter2\"]'", rubbish),
                arguments("YAML", "echo 'kind: CredentialProviderResponse'", rubbish),
                arguments(
                        "more than a response", respond("Image", "", auth("x", "u", "p")) + "\necho hunter2", rubbish),
                arguments("another kind", print("{\"kind\":\"ExecCredential\"}"), rubbish),
                arguments(
                        "a field twice",
                        print(RESPONSE + ",\"cacheKeyType\":\"Image\",\"cacheKeyType\":\"Image\"}"),
                        rubbish),
                arguments("no version", print("{\"kind\":\"CredentialProviderResponse\"}"), version),
                arguments(
                        "another version than requested",
                        respond("Image", "", auth("x", "u", "p")).replace("/v1\"", "/v1beta1\""),
                        version),
                arguments("no cacheKeyType", print(RESPONSE + "," + login + "}"), fields),
                arguments(
                        "another cacheKeyType", print(RESPONSE + ",\"cacheKeyType\":\"image\"," + login + "}"), fields),
                arguments("another duration", respond("Image", "1 hour", ""), fields),
                arguments(
                        "a duration in seconds",
                        print(RESPONSE + ",\"cacheKeyType\":\"Image\",\"cacheDuration\":60}"),
                        fields),
                arguments(
                        "a list of credentials",
                        print(RESPONSE + ",\"cacheKeyType\":\"Image\",\"auth\":[\"hunter2\"]}"),
                        fields),
                arguments(
                        "a number for a password",
                        print(
                                RESPONSE
                                        + ",\"cacheKeyType\":\"Image\",\"auth\":{\"hunter2\":{\"username\":\"u\",\"password\":1}}}"),
                        fields),
                arguments(
                        "a flood",
                        "while :; do echo hunter2hunter2hunter2hunter2; done",
                        "printed too much and was stopped"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @DisplayName("What is unusual and valid is no failure")
    void valid(String name, String script, List<Credential> expected) {
        PluginFolder plugin = new PluginFolder(folder).install("p", script);
        try (CredentialPlugins plugins = new CredentialPlugins(
                plugin.specs(provider("p", "registry.io", "1h")), Ticker.systemTicker(), problem -> {})) {
            assertThat(plugins.provide(new Repository("registry.io", "app"), "", Deadline.in(Duration.ofMinutes(2)))
                            .join())
                    .isEqualTo(new ProvidedCredentials(expected, List.of()));
        }
    }

    static Stream<Arguments> valid() {
        List<Credential> login = List.of(new Credential("user", "secret"));
        String auth = auth("registry.io", "user", "secret");
        return Stream.of(
                arguments("no auth", print(RESPONSE + ",\"cacheKeyType\":\"Global\"}"), List.of()),
                arguments(
                        "null",
                        print(RESPONSE + ",\"cacheKeyType\":\"Global\",\"cacheDuration\":null,\"auth\":null}"),
                        List.of()),
                arguments(
                        "a field of a later version",
                        print(RESPONSE + ",\"cacheKeyType\":\"Image\",\"new\":[1],\"auth\":{" + auth + "}}"),
                        login),
                arguments("words on standard error", "echo hunter2 >&2; " + respond("Image", "", auth), login),
                arguments("it does not read the request", "exec 0<&-; " + respond("Image", "", auth), login),
                arguments("a child keeps the output open", "sleep 5 & " + respond("Image", "", auth), login),
                arguments(
                        "no user",
                        respond("Image", "", auth("registry.io", "", "secret")),
                        List.of(Credential.ANONYMOUS)),
                arguments(
                        "a key of another registry",
                        respond("Image", "", auth("registry.com", "user", "secret")),
                        List.of()),
                arguments(
                        "a key that is none", respond("Image", "", auth("%zz", "user", "secret") + "," + auth), login));
    }
}
