package dev.stowage.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.cli.CommandRun;
import dev.stowage.cli.Manifests;
import dev.stowage.demo.SampleImages;
import dev.stowage.platform.Platform;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.testing.MemoryRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code check -R -f} on folders as repositories have them, and on pipes. */
class CheckFoldersTest {

    private static final String RUNS = "r.example/app:amd64";
    private static final String DOES_NOT = "r.example/app:arm64";
    private static final String TEMPLATE =
            "apiVersion: v1\nkind: Pod\nspec:\n  {{- if .Values.x }}\n  containers: []\n  {{- end }}\n";

    private final MemoryRegistry registry = new MemoryRegistry();

    @TempDir
    private Path folder;

    @BeforeEach
    void images() {
        SampleImages images = new SampleImages(registry);
        images.index("amd64", images.image(Platform.of("linux", "amd64")));
        images.index("arm64", images.image(Platform.of("linux", "arm64")));
    }

    @Test
    @DisplayName("a file that cannot be read does not stop the rest, and is named with its line")
    void theRestIsChecked() throws Exception {
        write("chart/templates/web.yaml", TEMPLATE);
        write("k8s/broken.yaml", Manifests.pod("first", RUNS) + "---\nkind: Pod\nspec:\n\tx: 1\n");
        write(
                "k8s/odd.yaml",
                "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: 5}\n---\n"
                        + Manifests.pod("second", RUNS));
        write("k8s/web.yaml", Manifests.pod("third", RUNS));

        CommandRun.Result result = check();

        assertThat(result.code()).isEqualTo(64);
        assertThat(result.out()).contains("in Pod first (app), Pod second (app), Pod third (app)");
        assertThat(result.err())
                .contains("stowage: " + folder.resolve("chart/templates/web.yaml")
                        + ", line 4 (document 1) is not valid YAML")
                .contains("line 4 contains template code")
                .contains("stowage: " + folder.resolve("k8s/broken.yaml") + ", line 12 (document 2) is not valid YAML")
                .contains("stowage: " + folder.resolve("k8s/odd.yaml") + ", line 1: spec.containers must be a list")
                .contains("1 image, 3 checks: 3 run");
    }

    @Test
    @DisplayName("what does not run counts more than what cannot be read")
    void exitCodes() throws Exception {
        write("broken.yaml", TEMPLATE);
        write("web.yaml", Manifests.pod("web", DOES_NOT));
        assertThat(check().code()).isEqualTo(1);

        write("web.yaml", Manifests.pod("web", "r.example/app:down"));
        registry.fail("down", RegistryFailure.Kind.UNAVAILABLE);
        assertThat(check().code()).isEqualTo(64);

        write("web.yaml", "kind: ConfigMap\n");
        CommandRun.Result nothing = check();
        assertThat(nothing.code()).isEqualTo(64);
        assertThat(nothing.err()).contains("nothing to check");
    }

    @Test
    @DisplayName("a file that is named must be readable")
    void namedFiles() throws Exception {
        write("broken.yaml", TEMPLATE);
        write("web.yaml", Manifests.pod("web", RUNS));

        CommandRun.Result result = CommandRun.withoutRegistry()
                .run(
                        "check",
                        "-f",
                        folder.resolve("broken.yaml").toString(),
                        "-f",
                        folder.resolve("web.yaml").toString());

        assertThat(result.code()).isEqualTo(64);
        assertThat(result.out()).isEmpty();
    }

    @Test
    @DisplayName("patches of kustomize are no errors, and its folders get a hint")
    void kustomize() throws Exception {
        write("base/kustomization.yaml", "resources: [web.yaml]\n");
        write("base/web.yaml", Manifests.deployment("web", RUNS, ""));
        write("overlay/kustomization.yml", "resources: [../base]\npatches: [{path: scale.yaml}]\n");
        write(
                "overlay/scale.yaml",
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 5}\n");
        write("overlay/delete.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: old}\n$patch: delete\n");
        write(
                "overlay/sidecar.yaml",
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: ["
                        + "{name: sidecar, $patch: delete}, {name: app, resources: {limits: {cpu: 1}}}]}}}\n");
        write("overlay/json.yaml", "- {op: remove, path: /spec/replicas}\n");

        CommandRun.Result result = check();

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).contains("in Deployment shop/web (app)");
        assertThat(result.err())
                .contains("stowage: " + folder.resolve("base") + " contains a kustomization, which is not applied:"
                        + " kubectl kustomize " + folder.resolve("base") + " | stowage check -f -")
                .contains("kubectl kustomize " + folder.resolve("overlay") + " | stowage check -f -");
    }

    @Test
    @Timeout(60)
    @DisplayName("a named pipe is read, as the shell gives <(command)")
    void pipes() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            try {
                Files.writeString(pipe, Manifests.pod("p", RUNS));
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });

        CommandRun.Result result =
                CommandRun.with(registry).run("check", "-f", pipe.toString(), "--platform=linux/amd64");
        writer.join();

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).contains("in Pod p (app)");
    }

    private CommandRun.Result check() {
        return CommandRun.with(registry).run("check", "-R", "-f", folder.toString(), "--platform=linux/amd64");
    }

    private void write(String name, String text) throws Exception {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
