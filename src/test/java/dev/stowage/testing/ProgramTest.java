package dev.stowage.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.demo.KubeBinaries;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {

    @TempDir
    private Path home;

    private Path recipe;

    @BeforeEach
    void folder() {
        recipe = KubeBinaries.recipeFolder(Map.of(), home);
    }

    @Test
    void findsNothingOnABareMachine() {
        assertThat(Program.find(Program.API_SERVER, Map.of(), home)).isEmpty();
        assertThat(Program.find(Program.REGISTRY, Map.of(), home)).isEmpty();
    }

    @Test
    void findsWhatHackKubeBinariesMade() throws IOException {
        Path registry = program(recipe.resolve("bin/registry"));

        assertThat(Program.find(Program.REGISTRY, Map.of(), home)).hasValue(registry);
        assertThat(Program.find(Program.REGISTRY, Map.of("HOME", home.toString()), Path.of("/nowhere")))
                .as("the shell's home folder, which Java may not know")
                .hasValue(registry);
    }

    @Test
    void findsItBesideTheApiServerThatIsNamed() throws IOException {
        Path named = home.resolve("named");
        Path server = program(named.resolve("k8s/1.34.0-" + platform() + "/kube-apiserver"));
        program(server.resolveSibling("etcd"));
        Path registry = program(named.resolve("bin/registry"));
        Map<String, String> environment = Map.of("KUBE_API_TEST_DIR", named.toString());

        assertThat(Program.find(Program.API_SERVER, environment, home)).hasValue(server);
        assertThat(Program.find(Program.REGISTRY, environment, home)).hasValue(registry);
    }

    @Test
    void prefersWhatTheEnvironmentNames() throws IOException {
        program(recipe.resolve("bin/registry"));
        Path registry = program(home.resolve("mine/registry"));

        assertThat(Program.find(
                        Program.REGISTRY,
                        Map.of("KUBE_BIN", registry.getParent().toString()),
                        home))
                .hasValue(registry);
    }

    @Test
    void findsABrowserInThePath() throws IOException {
        Path browser = program(home.resolve("bin/google-chrome"));
        Map<String, String> environment = Map.of("PATH", "/nowhere" + File.pathSeparator + browser.getParent());

        assertThat(Program.find(Program.CHROMIUM, environment, home)).hasValue(browser);
        assertThat(Program.find(Program.CHROMEDRIVER, environment, home)).isEmpty();
        assertThat(Program.missing(Program.CHROMEDRIVER)).startsWith("no chromedriver on this machine: ");
    }

    private static Path program(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.createFile(file);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    private static String platform() {
        String arch = System.getProperty("os.arch");
        return (System.getProperty("os.name").startsWith("Mac") ? "darwin-" : "linux-")
                + (arch.equals("aarch64") ? "arm64" : arch);
    }
}
