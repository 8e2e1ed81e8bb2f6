package dev.stowage.registry.credentials.plugin;

import static dev.stowage.registry.credentials.plugin.PluginFolder.WAIT;
import static dev.stowage.registry.credentials.plugin.PluginFolder.auth;
import static dev.stowage.registry.credentials.plugin.PluginFolder.provider;
import static dev.stowage.registry.credentials.plugin.PluginFolder.respond;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.async.Deadline;
import dev.stowage.image.Repository;
import dev.stowage.registry.Credential;
import dev.stowage.registry.credentials.ProvidedCredentials;
import dev.stowage.testing.Await;
import dev.stowage.testing.TravelClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real plug-ins, as small shell scripts. */
@DisabledOnOs(OS.WINDOWS)
@DisplayName("Credential provider plug-ins")
class CredentialPluginsTest {

    private static final Repository APP = new Repository("a.registry.io", "team/app");
    private static final String LOGIN = auth("*.registry.io", "user", "secret");

    @TempDir
    Path folder;

    private final TravelClock clock = new TravelClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final List<CredentialPlugins> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(CredentialPlugins::close);
    }

    @Test
    @DisplayName(
            "get the request that the kubelet sends, their arguments, and their variables next to those of the process")
    void theProtocol() throws Exception {
        PluginFolder plugin = plugin(
                "cat > \"$D/request\"; printf '%s\\n' \"$@\" > \"$D/args\"; echo \"$EXTRA/$HOME/$PATH\" > \"$D/env\"\n"
                        + respond("Image", "", LOGIN));
        String config = "{\"name\":\"p\",\"apiVersion\":\"" + PluginFolder.VERSION
                + "\",\"matchImages\":[\"*.registry.io\"],\"defaultCacheDuration\":\"1h\",\"args\":[\"get\",\"$(id) *\"],"
                + "\"env\":[{\"name\":\"EXTRA\",\"value\":\"x y\"},{\"name\":\"HOME\",\"value\":\"/elsewhere\"}]}";

        assertThat(get(plugins(plugin.specs(config)), APP).credentials())
                .containsExactly(new Credential("user", "secret"));
        assertThat(new ObjectMapper().readTree(folder.resolve("request").toFile()))
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"kind\":\"CredentialProviderRequest\",\"apiVersion\":\"" + PluginFolder.VERSION
                                + "\",\"image\":\"a.registry.io/team/app\"}"));
        assertThat(plugin.lines("args")).containsExactly("get", "$(id) *");
        assertThat(plugin.lines("env")).containsExactly("x y//elsewhere/" + System.getenv("PATH"));
    }

    @Test
    @DisplayName("are given names of images on standard input only, whatever these contain")
    void hostileNames() throws Exception {
        PluginFolder plugin =
                plugin("cat > \"$D/request\"; printf '%s\\n' \"$#\" > \"$D/args\"\n" + respond("Image", "", LOGIN));
        String path = "x\";touch $D/pwned;`touch pwned`$(touch pwned)'\n\u0000{\"image\":\"other\"}";

        get(plugins(plugin.specs(provider("p", "*.registry.io", "1h"))), new Repository("a.registry.io", path));

        assertThat(new ObjectMapper()
                        .readTree(folder.resolve("request").toFile())
                        .path("image")
                        .asText())
                .isEqualTo("a.registry.io/" + path);
        assertThat(plugin.lines("args")).containsExactly("0");
        assertThat(folder.resolve("pwned")).doesNotExist();
        assertThat(Path.of("pwned")).doesNotExist();
    }

    @Test
    @DisplayName("are run for the images that they match only")
    void otherImages() {
        PluginFolder plugin = plugin(respond("Global", "", LOGIN));

        assertThat(get(
                        plugins(plugin.specs(provider("p", "*.registry.io", "1h"))),
                        new Repository("docker.io", "library/nginx")))
                .isEqualTo(new ProvidedCredentials(List.of(), List.of()));
        assertThat(plugin.runs()).isZero();
    }

    @ParameterizedTest(name = "{0}: {1} runs")
    @CsvSource({"Image, 4", "Registry, 2", "Global, 1"})
    @DisplayName("are run once for what cacheKeyType says")
    void cacheKeyTypes(String type, int runs) {
        PluginFolder plugin = plugin(respond(type, "", LOGIN));
        CredentialPlugins plugins = plugins(plugin.specs(provider("p", "*.registry.io", "1h")));

        for (int round = 0; round < 2; round++) {
            for (String registry : List.of("a.registry.io", "b.registry.io")) {
                for (String path : List.of("team/app", "team/other")) {
                    assertThat(get(plugins, new Repository(registry, path)).credentials())
                            .hasSize(1);
                }
            }
        }
        assertThat(plugin.runs()).isEqualTo(runs);
    }

    @ParameterizedTest(name = "cacheDuration \"{0}\", defaultCacheDuration {1}: {2} s")
    @CsvSource({"1m, 1h, 60", "'', 5m, 300", "12h, 0s, 43200", "0s, 1h, 0", "-1m, 1h, 0", "'', 0s, 0"})
    @DisplayName("are cached for cacheDuration, else for defaultCacheDuration, and not at all for zero")
    void durations(String cacheDuration, String defaultCacheDuration, int seconds) {
        PluginFolder plugin = plugin(respond("Registry", cacheDuration, LOGIN));
        CredentialPlugins plugins = plugins(plugin.specs(provider("p", "*.registry.io", defaultCacheDuration)));

        get(plugins, APP);
        if (seconds > 0) {
            clock.travel(Duration.ofSeconds(seconds - 1));
            get(plugins, APP);
            assertThat(plugin.runs()).isEqualTo(1);
            clock.travel(Duration.ofSeconds(2));
        }
        get(plugins, APP);
        assertThat(plugin.runs()).isEqualTo(2);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"Image, false", "Registry, true", "Global, true"})
    @DisplayName(
            "are run once for 1,000 look-ups at the same time, of several namespaces, and of images that the response serves")
    void oneRunForMany(String type, boolean manyImages) {
        PluginFolder plugin = plugin(WAIT + respond(type, "", LOGIN));
        CredentialPlugins plugins = plugins(plugin.specs(provider("p", "*.registry.io", "1h")));
        List<CompletableFuture<ProvidedCredentials>> lookups = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Repository repository = manyImages ? new Repository("a.registry.io", "team/app" + i) : APP;
            lookups.add(plugins.provide(repository, "namespace-" + i % 50, soon()));
        }
        plugin.go();

        assertThat(lookups)
                .allSatisfy(lookup -> assertThat(lookup.join().credentials()).hasSize(1));
        assertThat(plugin.runs()).isEqualTo(1);
    }

    @Test
    @DisplayName("are run once for each of many images at the same time whose credentials differ")
    void eachImageItsOwn() {
        PluginFolder plugin = plugin("image=$(sed 's/.*team.\\(app[0-9]*\\).*/\\1/')\n"
                + respond("Image", "", auth("*.registry.io", "@", "secret")).replace("cat ", "sed \"s/@/$image/\" "));
        CredentialPlugins plugins = plugins(plugin.specs(provider("p", "*.registry.io", "1h")));
        List<CompletableFuture<ProvidedCredentials>> lookups = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            lookups.add(plugins.provide(new Repository("a.registry.io", "team/app" + i), "shop", soon()));
        }

        for (int i = 0; i < 20; i++) {
            assertThat(lookups.get(i).join().credentials()).containsExactly(new Credential("app" + i, "secret"));
        }
        assertThat(plugin.runs()).isEqualTo(20);
    }

    @Test
    @DisplayName("are run four at a time, of which two are for one namespace")
    void fewAtATime() {
        PluginFolder plugin = plugin(WAIT + respond("Image", "0s", LOGIN));
        CredentialPlugins plugins = plugins(plugin.specs(provider("p", "*.registry.io", "1h")));
        // from now on the scope is known
        plugin.go();
        get(plugins, APP);
        assertThat(folder.resolve("go").toFile().delete()).isTrue();
        List<CompletableFuture<ProvidedCredentials>> lookups = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            lookups.add(plugins.provide(new Repository("a.registry.io", "noisy" + i), "noisy", soon()));
        }
        Await.await("two runs", () -> plugin.runs() == 3);
        for (int i = 0; i < 10; i++) {
            lookups.add(plugins.provide(new Repository("a.registry.io", "quiet" + i), "quiet" + i, soon()));
        }
        Await.await("two more", () -> plugin.runs() == 5);
        Await.awaitStable("and not more", Duration.ofMillis(300), plugin::runs);

        assertThat(plugin.runs()).isEqualTo(5);
        plugin.go();
        assertThat(lookups)
                .allSatisfy(lookup -> assertThat(lookup.join().credentials()).hasSize(1));
    }

    @Test
    @DisplayName("that are slow are named, and their run goes on for the next look-up")
    void slow() {
        PluginFolder plugin = plugin(WAIT + respond("Image", "", LOGIN));
        CredentialPlugins plugins = plugins(plugin.specs(provider("p", "*.registry.io", "1h")));

        assertThat(plugins.provide(APP, "shop", Deadline.in(Duration.ofMillis(100)))
                        .join())
                .isEqualTo(new ProvidedCredentials(
                        List.of(), List.of("credential plug-in \"p\" has not responded yet: try again")));
        plugin.go();
        assertThat(get(plugins, APP).credentials()).hasSize(1);
        assertThat(plugin.runs()).isEqualTo(1);
    }

    @Test
    @DisplayName("that hang are killed with their children")
    void hanging() throws Exception {
        PluginFolder plugin = plugin("sleep 600 & echo $! >> \"$D/pids\"; echo $$ >> \"$D/pids\"; wait");
        CredentialPlugins plugins = new CredentialPlugins(
                plugin.specs(provider("p", "*.registry.io", "1h")), this::nanos, Duration.ofSeconds(2), problems::add);
        opened.add(plugins);

        assertThat(get(plugins, APP).problems())
                .containsExactly("credential plug-in \"p\" did not respond in time and was stopped: check that its"
                        + " service can be reached from this pod");
        List<String> pids = plugin.lines("pids");
        assertThat(pids).hasSize(2);
        for (String pid : pids) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(CredentialPluginsTest::assertEnded);
        }
    }

    /** Killed and, where nobody collects orphans, at least no longer a program. */
    private static void assertEnded(ProcessHandle process) {
        Await.await(
                "the end of " + process.pid(),
                () -> !process.isAlive() || process.info().command().isEmpty());
    }

    @Test
    @DisplayName("that the pod's end interrupts are killed")
    void closing() {
        PluginFolder plugin = plugin("echo $$ >> \"$D/pids\"; exec sleep 600");
        CredentialPlugins plugins = plugins(plugin.specs(provider("p", "*.registry.io", "1h")));
        CompletableFuture<ProvidedCredentials> lookup = plugins.provide(APP, "shop", soon());
        Await.await("its start", () -> plugin.lines("pids").size() == 1);

        plugins.close();

        ProcessHandle.of(Long.parseLong(plugin.lines("pids").get(0))).ifPresent(CredentialPluginsTest::assertEnded);
        assertThat(lookup.orTimeout(60, TimeUnit.SECONDS).join().credentials()).isEmpty();
        assertThat(get(plugins, APP).problems()).hasSize(1);
    }

    @Test
    @DisplayName("that fail are run again after 20 seconds, and the log has each failed run")
    void failuresAreKeptForSeconds() {
        PluginFolder plugin = plugin("[ -e \"$D/go\" ] || exit 3\n" + respond("Image", "", LOGIN));
        CredentialPlugins plugins = plugins(plugin.specs(provider("p", "*.registry.io", "1h")));

        get(plugins, APP);
        get(plugins, APP);
        assertThat(plugin.runs()).isEqualTo(1);
        assertThat(problems)
                .containsExactly("credential plug-in \"p\" failed with exit code 3; run it by hand to see why"
                        + " (docs/credentials.md) (for a.registry.io/team/app)");
        plugin.go();
        clock.travel(Duration.ofSeconds(21));
        assertThat(get(plugins, APP))
                .isEqualTo(new ProvidedCredentials(List.of(new Credential("user", "secret")), List.of()));
    }

    @Test
    @DisplayName("that fail for one image are run for the others, however many there are")
    void aFailureIsOfOneImage() {
        PluginFolder plugin = plugin("grep -q good || exit 3\n" + respond("Registry", "", LOGIN));
        CredentialPlugins plugins = plugins(plugin.specs(provider("p", "*.registry.io", "1h")));
        List<CompletableFuture<ProvidedCredentials>> bad = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            bad.add(plugins.provide(new Repository("a.registry.io", "bad" + i), "shop", soon()));
        }

        assertThat(get(plugins, new Repository("a.registry.io", "good")).credentials())
                .hasSize(1);
        assertThat(bad)
                .allSatisfy(lookup -> lookup.orTimeout(60, TimeUnit.SECONDS).join());
    }

    @Test
    @DisplayName("are joined: more specific keys first, those of the same key in the order of the configuration")
    void joined() {
        PluginFolder plugin = plugin(respond(
                "Image",
                "",
                auth("a.registry.io/team", "path", "1") + "," + auth("*.registry.io", "glob1", "2") + ","
                        + auth("b.registry.io", "no", "3")));
        plugin.install(
                "q",
                respond("Image", "", auth("*.registry.io", "glob2", "4") + "," + auth("a.registry.io", "host", "5")));
        CredentialPlugins plugins =
                plugins(plugin.specs(provider("p", "*.registry.io", "1h"), provider("q", "a.*.io", "1h")));

        assertThat(get(plugins, APP).credentials())
                .extracting(Credential::username)
                .containsExactly("path", "host", "glob1", "glob2");
    }

    @Test
    @DisplayName("have results that take bounded memory, however many images tenants name")
    void boundedMemory() throws Exception {
        PluginFolder plugin = plugin("");
        CredentialPlugin one = new CredentialPlugin(
                plugin.specs(provider("p", "*.registry.io", "1h")).get(0));
        PluginCache cache = new PluginCache(this::nanos);
        PluginResponse response = PluginResponse.read(
                "p",
                PluginFolder.VERSION,
                "{\"kind\":\"CredentialProviderResponse\",\"apiVersion\":\"" + PluginFolder.VERSION
                        + "\",\"cacheKeyType\":\"Image\",\"auth\":{" + auth("a.registry.io", "u", "s".repeat(60_000))
                        + "}}");
        int kept = 0;
        for (int i = 0; i < 1_000; i++) {
            cache.keep(
                    one,
                    new Repository("a.registry.io", "x" + i),
                    new CredentialPlugin.Result(Optional.of(response), ""));
        }
        for (int i = 0; i < 1_000; i++) {
            kept += cache.find(one, new Repository("a.registry.io", "x" + i)).isPresent() ? 1 : 0;
        }
        assertThat(kept).isBetween(1, (int) (PluginCache.MAX_BYTES / 120_000));
        assertThat(Files.exists(folder.resolve("runs"))).isFalse();
    }

    private PluginFolder plugin(String script) {
        return new PluginFolder(folder).install("p", script);
    }

    private CredentialPlugins plugins(List<PluginSpec> specs) {
        CredentialPlugins plugins = new CredentialPlugins(specs, this::nanos, problems::add);
        opened.add(plugins);
        return plugins;
    }

    private static ProvidedCredentials get(CredentialPlugins plugins, Repository repository) {
        return plugins.provide(repository, "shop", soon()).join();
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofMinutes(2));
    }

    private long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }
}
