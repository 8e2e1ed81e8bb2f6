package dev.stowage.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.testing.OneKubernetesVersion;
import dev.stowage.testing.Program;
import dev.stowage.testing.RequiresApiServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demonstration, run as people run it: the built application, in a process of its own. */
class DemoCommandIT {

    @TempDir
    Path folder;

    private Process process;

    @AfterEach
    void end() {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private record Run(int exitCode, String out, String err) {}

    @Test
    void showsDenialsWithoutAnApiServerAndSaysHowToGetOne() throws Exception {
        Run run = run(folder);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("AdmissionReviews are posted straight at the webhook")
                .contains("hack/kube-binaries", folder.toString())
                .doesNotContain("imagereports");
        assertStory(run.out());
    }

    @Test
    @RequiresApiServer
    @OneKubernetesVersion
    void showsDenialsOfARealApiServer() throws Exception {
        KubeBinaries binaries = Program.kubeBinaries().orElseThrow();

        Run run = run(binaries.directory());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("a real API server (Kubernetes " + binaries.version() + ")")
                .contains("./demo --serve")
                .containsPattern(
                        "\\$ kubectl get imagereports\nNAME +IMAGE +VERDICT +REASON +PLATFORMS +MISSING +USED BY +AGE\n")
                .containsPattern("/puzzle/amd64-attested:1 +Compatible +Runs +linux/amd64 +Pod/amd64-selected ")
                .containsPattern(
                        "/puzzle/two-platforms:1 +Compatible +Runs +linux/amd64, linux/arm64 +Pod/two-platforms ")
                .containsPattern("/puzzle/arm64-single:1 +Incompatible +ConfigMismatch +linux/arm64 +linux/amd64 ")
                .containsPattern("/puzzle/attestation-only:1 +Incompatible +UnknownPlatform ")
                .containsPattern("/puzzle/chart:1 +Incompatible +NotAnImage ");
        assertStory(run.out());
    }

    @Test
    @RequiresApiServer
    @OneKubernetesVersion
    void staysUpUntilItIsToldToEndAndLeavesNothingBehind() throws Exception {
        KubeBinaries binaries = Program.kubeBinaries().orElseThrow();
        process = start(binaries.directory(), "--serve");

        List<String> lines = readUntil("Ctrl-C ends everything.");
        Path kubeconfig = Path.of(after(lines, "export KUBECONFIG="));
        Path manifests = Path.of(after(lines, "cd ").replace("; ls", ""));
        List<ProcessHandle> programs = process.descendants().toList();

        assertThat(kubeconfig).isRegularFile();
        assertThat(manifests.resolve("amd64-attested.yaml"))
                .content()
                .contains("kind: Pod", "image: 127.0.0.1:", "/puzzle/amd64-attested:1");
        assertThat(programs).as("etcd, API server, Stowage").hasSize(3);

        process.destroy();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(programs).noneMatch(ProcessHandle::isAlive);
        assertThat(kubeconfig.getParent()).doesNotExist();
        assertThat(manifests).doesNotExist();
    }

    @Test
    void saysWhatIsWrongWhenTheApiServerDoesNotStart() throws Exception {
        Path programs = Files.createDirectories(folder.resolve("k8s/1.34.0-" + KubeBinaries.platform()));
        for (String program : List.of("etcd", "kube-apiserver")) {
            Path script = Files.writeString(programs.resolve(program), "#!/bin/sh\necho no luck today >&2\nexit 3\n");
            assertThat(script.toFile().setExecutable(true)).isTrue();
        }

        Run run = run(folder);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("demo: the API server did not start").contains("no luck today");
    }

    private static void assertStory(String out) {
        assertThat(out)
                .contains("All 7 as expected.")
                .doesNotContain("unexpected:")
                .containsPattern(
                        "\\$ kubectl apply -f amd64-attested.yaml\nError from server \\(Forbidden\\): error when creating"
                                + " \"amd64-attested.yaml\": admission webhook \"\\S+\" denied the request: .*amd64-attested:1")
                .contains("$ kubectl apply -f amd64-selected.yaml\npod/amd64-selected created\n")
                .contains("$ kubectl apply -f two-platforms.yaml\npod/two-platforms created\n")
                .contains("error when creating \"attestation-only.yaml\"")
                .contains("error when creating \"arm64-single.yaml\"")
                .contains("error when creating \"chart.yaml\"")
                .contains("error when creating \"web.yaml\"");
    }

    private Run run(Path binaries, String... arguments) throws IOException, InterruptedException {
        process = start(binaries, arguments);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out, Files.readString(errors()));
    }

    private Process start(Path binaries, String... arguments) throws IOException {
        assertThat(StowageProcess.JAR)
                .as("the application, which \"mvn package\" builds")
                .isRegularFile();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@src/demo/java.options");
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors().toFile());
        builder.environment().put("KUBE_API_TEST_DIR", binaries.toString());
        builder.environment().remove(KubeBinaries.VERSION);
        return builder.start();
    }

    private Path errors() {
        return folder.resolve("stderr");
    }

    private List<String> readUntil(String last) throws IOException {
        List<String> lines = new ArrayList<>();
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lines.add(line);
            if (line.equals(last)) {
                return lines;
            }
        }
        throw new AssertionError("ended early: " + lines + Files.readString(errors()));
    }

    private static String after(List<String> lines, String prefix) {
        return lines.stream()
                .map(String::strip)
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .findFirst()
                .orElseThrow();
    }
}
