package dev.stowage.apiserver;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.stowage.testing.OneKubernetesVersion;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.Reviews;
import dev.stowage.testing.TrustingClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The built application, in a process of its own, where memory, files or folders are scarce. */
@RequiresApiServer
@OneKubernetesVersion
class ScarceIT {

    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final Pattern WEBHOOK = Pattern.compile("https://127\\.0\\.0\\.1:(\\d+)/validate");
    private static final Pattern AUTHORITY =
            Pattern.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----", Pattern.DOTALL);
    private static final String FULL_DISK = "FULL";
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    private Path folder;

    private Process process;

    @AfterEach
    void stop() throws Exception {
        if (process != null) {
            process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest(name = "{0}: serves")
    @CsvSource({
        "a heap of 32 MB, 1024, -Xmx32m",
        "few file descriptors, 256, -Xmx64m",
        "/tmp missing, 1024, -Djava.io.tmpdir=/dev/null/missing",
        "a disk that takes nothing, 1024, -Djava.io.tmpdir=/proc",
        "a full disk, 1024, FULL"
    })
    @DisplayName("it starts, and answers")
    void serves(String what, int files, String option) throws Exception {
        start(files, option, "serve", "--print-ca");
        await("the authority", PATIENCE, this::output, () -> {
            assertThat(process.isAlive()).as(this::output).isTrue();
            return AUTHORITY.matcher(output()).find();
        });

        String said = output();
        Matcher listens = WEBHOOK.matcher(said);
        Matcher authority = AUTHORITY.matcher(said);
        assertThat(listens.find() && authority.find()).isTrue();
        assertThat(ask(authority.group(), Integer.parseInt(listens.group(1)))).contains("\"allowed\":false");
        assertThat(output()).doesNotContain("\tat ", "ERROR");
    }

    @ParameterizedTest(name = "{0}: says why it does not serve")
    @CsvSource({
        "a heap of 8 MB, 1024, -Xmx8m, Terminating due to java.lang.OutOfMemoryError: Java heap space",
        "64 file descriptors, 64, -Xmx64m, this process may not open enough files; allow 1024 or more"
    })
    @DisplayName("it does not start, and says why in one sentence")
    void saysWhyNot(String what, int files, String option, String sentence) throws Exception {
        start(files, option, "serve");

        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(output())
                .isTrue();

        assertThat(process.exitValue()).isNotZero();
        assertThat(output()).contains(sentence).doesNotContain("\tat ");
        assertThat(output().lines().filter(line -> !line.contains(" WARN "))).hasSize(1);
    }

    @ParameterizedTest(name = "{0}: checks")
    @CsvSource({
        "a heap of 16 MB, 1024, -Xmx16m",
        "64 file descriptors, 64, -Xmx64m",
        "/tmp missing, 1024, -Djava.io.tmpdir=/dev/null/missing",
        "a disk that takes nothing, 1024, -Djava.io.tmpdir=/proc",
        "a full disk, 1024, FULL"
    })
    @DisplayName("check answers")
    void checks(String what, int files, String option) throws Exception {
        start(files, option, "check", "r.example/UPPER", "--platform=linux/amd64");

        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(output())
                .isTrue();

        assertThat(process.exitValue()).as(output()).isEqualTo(1);
        assertThat(output()).contains("InvalidReference").doesNotContain("\tat ");
    }

    /** As a container of the image would be started, with at most so many files. */
    private void start(int files, String option, String... arguments) throws IOException {
        ApiServer server = ApiServer.shared();
        boolean full = option.equals(FULL_DISK);
        String script = "ulimit -n " + files + "; exec \"$@\"";
        List<String> command = new ArrayList<>(full ? onFullDisk(script) : List.of("bash", "-c", script, "bash"));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                full ? "-Djava.io.tmpdir=" + folder.resolve("disk") : option,
                "-jar",
                JAR.toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile());
        builder.environment()
                .put(
                        "KUBECONFIG",
                        Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig())
                                .toString());
        builder.environment()
                .put(
                        "STOWAGE_CONFIG",
                        Files.writeString(folder.resolve("config.yaml"), """
                                stowage:
                                  server: {host: 127.0.0.1, port: 0}
                                  tls: {mode: self}
                                  reports: {enabled: false}
                                """).toString());
        builder.environment().put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        builder.environment().put("QUARKUS_MANAGEMENT_PORT", "0");
        process = builder.start();
    }

    /** Works in a full file system of 64 kB, which ends with the process; that needs the permission to mount. */
    private List<String> onFullDisk(String script) throws IOException {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        String prepare = "mount -t tmpfs -o size=64k none '" + disk + "' && cd '" + disk + "'"
                + " && ! head -c 1M /dev/zero > full 2>/dev/null && [ $(df --output=avail . | tail -1) = 0 ] || exit 77; ";
        assumeThat(mayMount()).as("only root can mount a full disk").isTrue();
        return List.of("unshare", "--mount", "bash", "-c", prepare + script, "bash");
    }

    private static boolean mayMount() throws IOException {
        try {
            return new ProcessBuilder("unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("out"));
        } catch (IOException e) {
            return "";
        }
    }

    /** What it answers to a pod of an image that runs nowhere. */
    private static String ask(String authority, int port) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/validate"))
                .header("Content-Type", "application/json")
                .timeout(TrustingClient.PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        Reviews.create(Reviews.pod("main=r.example/UPPER:1")).bytes()))
                .build();
        return TrustingClient.of(authority, HttpClient.Version.HTTP_1_1)
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
