package dev.stowage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.demo.EmbeddedRegistry;
import dev.stowage.demo.SampleImages;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.Platform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a shell sees it: the built application in a process of its own. */
class ProcessIT {

    @TempDir
    private Path folder;

    private Jar jar;

    @BeforeEach
    void jar() {
        jar = new Jar(folder);
    }

    @Test
    void exitCodesReachTheShell() throws Exception {
        assertThat(jar.run("", "--version").code()).isZero();
        assertThat(jar.run("", "check", "r.example/UPPER", "--platform=linux/amd64")
                        .code())
                .isEqualTo(1);
        assertThat(jar.run("", "check", "--nonsense").code()).isEqualTo(64);
    }

    @Test
    @DisplayName("what another command writes is read: <(command) of a shell, and /dev/stdin")
    void pipes() throws Exception {
        String pod =
                "printf 'apiVersion: v1\\nkind: Pod\\nmetadata: {name: p}\\nspec: {containers: [{name: a, image: r.example/UPPER}]}\\n'";
        for (String line : List.of("\"$@\" -f <(" + pod + ")", pod + " | \"$@\" -f /dev/stdin")) {
            Process process = jar.start(
                    "",
                    Stream.concat(
                                    Stream.of("bash", "-c", line, "bash"),
                                    Jar.command("check", "--platform=linux/amd64").stream())
                            .toList());
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();

            CommandRun.Result result = jar.result(process);
            assertThat(result.code()).as(result.err()).isEqualTo(1);
            assertThat(result.out()).contains("r.example/UPPER", "in Pod p (a)");
        }
    }

    @Test
    @DisplayName("a wrong configuration stops the webhook's start, and all that is wrong with it is named")
    void aWrongConfiguration() throws Exception {
        Path config = Files.writeString(
                folder.resolve("config.yaml"), "stowage: {mode: wrong, placement: Some, tls: {mode: self}}\n");
        Process process = jar.start(
                "",
                Stream.concat(Stream.of("env", "STOWAGE_CONFIG=" + config), Jar.command("serve").stream())
                        .toList());
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();

        CommandRun.Result result = jar.result(process);
        assertThat(result.code()).isEqualTo(64);
        assertThat(result.err())
                .contains(config.toString(), "stowage.mode", "stowage.placement")
                .doesNotContain("\tat ");
    }

    @Test
    @DisplayName("so does a certificate that cannot be read")
    void aWrongCertificate() throws Exception {
        Path config = Files.writeString(
                folder.resolve("config.yaml"),
                "stowage: {tls: {mode: files, certificateFile: " + folder + "/tls.crt, keyFile: " + folder
                        + "/tls.key}}\n");
        Process process = jar.start(
                "",
                Stream.concat(Stream.of("env", "STOWAGE_CONFIG=" + config), Jar.command("serve").stream())
                        .toList());
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();

        CommandRun.Result result = jar.result(process);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .contains("cannot serve: the certificate", "tls.crt")
                .doesNotContain("\tat ");
    }

    @Test
    @DisplayName("the warm-up that trains an AOT cache needs neither cluster nor registry")
    void warmUpOnly() throws Exception {
        Process process = jar.start(
                "",
                Stream.concat(
                                Stream.of(
                                        "env",
                                        "-u",
                                        "KUBECONFIG",
                                        "HOME=" + folder,
                                        "STOWAGE_SERVER_PORT=0",
                                        "QUARKUS_MANAGEMENT_PORT=0"),
                                Jar.command("serve", "--warm-up-only").stream())
                        .toList());
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();

        assertThat(process.exitValue()).as(jar.result(process).out()).isZero();
    }

    @Test
    @DisplayName("Docker's logins are those of HOME, which a user without an entry in passwd has alone")
    void homeOfTheEnvironment() throws Exception {
        Path docker = Files.createDirectory(folder.resolve(".docker"));
        Files.writeString(docker.resolve("config.json"), "{broken");
        Process process = jar.start(
                "",
                Stream.concat(
                                Stream.of("env", "-u", "DOCKER_CONFIG", "HOME=" + folder),
                                Jar.command("check", "r.example/a", "--platform=linux/amd64").stream())
                        .toList());
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();

        assertThat(jar.result(process).err())
                .contains(docker.resolve("config.json").toString());
    }

    @Test
    @DisplayName("no network")
    void noNetwork() throws Exception {
        String closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = "127.0.0.1:" + socket.getLocalPort();
        }

        CommandRun.Result result = jar.run("", "check", closed + "/app:1", "--platform=linux/amd64");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).contains("Undetermined  Unavailable: ");
        assertThat(result.err()).isEmpty();
    }

    @Test
    @DisplayName("Ctrl-C in the middle")
    void ctrlC() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> acceptAndSayNothing(silent, asked, over), "silent-registry");
            server.setDaemon(true);
            server.start();
            Process process = jar.start(
                    "",
                    // a shell in the background starts its children deaf to SIGINT; a terminal does not
                    Stream.concat(
                                    Stream.of("env", "--default-signal=INT"),
                                    Jar.command(
                                            "check", "127.0.0.1:" + silent.getLocalPort() + "/app:1", "--timeout=10m")
                                            .stream())
                            .toList());
            assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();

            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();

            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(130);
            assertThat(jar.result(process).err()).doesNotContain("\tat ").doesNotContain("Exception");
            over.countDown();
        }
    }

    private static void acceptAndSayNothing(ServerSocket silent, CountDownLatch asked, CountDownLatch over) {
        try (Socket connection = silent.accept()) {
            if (connection.getInputStream().read() >= 0) {
                asked.countDown();
            }
            over.await();
        } catch (IOException e) {
            // the test is over
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @DisplayName("a closed pipe")
    void aClosedPipe() throws Exception {
        String pods = Stream.iterate(0, i -> i + 1)
                .limit(3000)
                .map(i -> Manifests.pod("pod" + i, "r.example/UPPER" + i))
                .reduce("", (all, pod) -> all + "---\n" + pod);
        Path manifests = Files.writeString(folder.resolve("pods.yaml"), pods);
        String stowage = String.join(" ", Jar.command("check", "-f", manifests.toString(), "--platform=linux/amd64"));

        Process process = jar.start("", List.of("bash", "-c", stowage + " | head -1; echo \"exit ${PIPESTATUS[0]}\""));
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();

        CommandRun.Result result = jar.result(process);
        assertThat(result.out()).startsWith("IMAGE").endsWith("exit 1\n");
        assertThat(result.err()).doesNotContain("\tat ").doesNotContain("Exception");
    }

    @Test
    void inspectStartsNeitherAServerNorAKubernetesClient() throws Exception {
        try (EmbeddedRegistry registry = EmbeddedRegistry.start()) {
            SampleImages images = new SampleImages(registry.repository("app"));
            Descriptor amd64 = images.image(Platform.of("linux", "amd64"));
            images.index("1", amd64, images.attestation(amd64));
            String image = registry.address() + "/app:1";
            List<String> command = Jar.command("inspect", image, "--explain");
            command.add(1, "-Xlog:class+load:file=" + folder.resolve("classes"));

            Process process = jar.start("", command);
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();

            assertThat(process.exitValue()).as(jar.result(process).err()).isZero();
            try (Stream<String> classes = Files.lines(folder.resolve("classes"))) {
                assertThat(classes.filter(line -> line.contains(" io.fabric8.")
                                || line.contains(" io.vertx.")
                                || line.contains(" io.netty.")
                                || line.contains(" io.smallrye.config.")
                                || line.contains(" io.quarkus.runtime.Application ")))
                        .isEmpty();
            }
        }
    }
}
