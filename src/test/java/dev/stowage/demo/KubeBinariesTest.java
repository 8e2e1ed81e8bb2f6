package dev.stowage.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeBinariesTest {

    private static final Map<String, String> NOTHING_SET = Map.of();

    @TempDir
    Path home;

    @Test
    void findsNothingOnAFreshMachine() {
        assertThat(KubeBinaries.find(NOTHING_SET, home)).isEmpty();
    }

    @Test
    void findsWhatHackKubeBinariesMade() throws IOException {
        Path made = home.resolve(".cache/stowage/kube-binaries");
        install(made, "1.34.4", "etcd", "kube-apiserver", "kubectl");

        KubeBinaries found = KubeBinaries.find(NOTHING_SET, home).orElseThrow();

        assertThat(found.directory()).isEqualTo(made);
        assertThat(found.version()).isEqualTo("1.34.4");
        assertThat(found.apiServer()).isExecutable();
        assertThat(found.kubectl()).isPresent();
    }

    @Test
    void prefersTheFolderOfKubeApiTest() throws IOException {
        install(home.resolve(".kubeapitest"), "1.33.0", "etcd", "kube-apiserver");
        install(home.resolve(".cache/stowage/kube-binaries"), "1.34.4", "etcd", "kube-apiserver");

        assertThat(KubeBinaries.find(NOTHING_SET, home)).hasValueSatisfying(found -> {
            assertThat(found.version()).isEqualTo("1.33.0");
            assertThat(found.kubectl()).isEmpty();
        });
    }

    @Test
    void looksNowhereElseWhenAFolderIsNamed() throws IOException {
        install(home.resolve(".kubeapitest"), "1.33.0", "etcd", "kube-apiserver");

        Map<String, String> named =
                Map.of("KUBE_API_TEST_DIR", home.resolve("elsewhere").toString());

        assertThat(KubeBinaries.find(named, home)).isEmpty();
    }

    @Test
    void followsTheVariablesOfTheScript() throws IOException {
        install(home.resolve("own"), "1.34.4", "etcd", "kube-apiserver");
        install(home.resolve("cache/stowage/kube-binaries"), "1.32.1", "etcd", "kube-apiserver");

        assertThat(KubeBinaries.find(
                                Map.of(
                                        "STOWAGE_KUBE_BINARIES",
                                        home.resolve("own").toString()),
                                home)
                        .orElseThrow()
                        .version())
                .isEqualTo("1.34.4");
        assertThat(KubeBinaries.find(
                                Map.of("XDG_CACHE_HOME", home.resolve("cache").toString()), home)
                        .orElseThrow()
                        .version())
                .isEqualTo("1.32.1");
    }

    @Test
    void takesTheNewestWholeVersion() throws IOException {
        Path directory = home.resolve(".kubeapitest");
        install(directory, "1.9.11", "etcd", "kube-apiserver");
        install(directory, "1.34.2", "etcd", "kube-apiserver");
        install(directory, "1.35.0", "etcd");

        assertThat(KubeBinaries.find(NOTHING_SET, home).orElseThrow().version()).isEqualTo("1.34.2");
    }

    @Test
    void takesNoOtherVersionThanTheOneThatIsNamed() throws IOException {
        Path directory = home.resolve(".kubeapitest");
        install(directory, "1.28.0", "etcd", "kube-apiserver");
        install(directory, "1.34.2", "etcd", "kube-apiserver");

        assertThat(KubeBinaries.find(Map.of("KUBE_API_TEST_API_SERVER_VERSION", "1.28.0"), home)
                        .orElseThrow()
                        .version())
                .isEqualTo("1.28.0");
        assertThat(KubeBinaries.find(Map.of("KUBE_API_TEST_API_SERVER_VERSION", "1.28"), home))
                .isEmpty();
        assertThat(KubeBinaries.find(Map.of("KUBE_API_TEST_API_SERVER_VERSION", ""), home)
                        .orElseThrow()
                        .version())
                .isEqualTo("1.34.2");
    }

    @ParameterizedTest
    @CsvSource({"1.9.0, 1.34.0, -1", "1.34.0, 1.34.0, 0", "1.34.10, 1.34.9, 1", "1.34, 1.34.1, -1", "x, 1, -1"})
    void comparesVersionsByNumber(String left, String right, int order) {
        assertThat(KubeBinaries.compareVersions(left, right)).isEqualTo(order);
    }

    private static void install(Path directory, String version, String... programs) throws IOException {
        Path folder =
                Files.createDirectories(directory.resolve("k8s").resolve(version + "-" + KubeBinaries.platform()));
        for (String program : programs) {
            Path file = Files.writeString(folder.resolve(program), "#!/bin/sh\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
    }
}
