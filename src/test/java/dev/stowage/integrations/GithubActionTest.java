package dev.stowage.integrations;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script of {@code action.yml}, with releases on a server of this machine. */
@DisplayName("the script of the GitHub Action")
@EnabledIf(value = "dev.stowage.integrations.Script#possible", disabledReason = Script.MISSING)
class GithubActionTest {

    private static final Path SCRIPT = Path.of("hack", "ci", "github-action");

    @TempDir
    Path folder;

    private final Map<String, byte[]> release = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private Path workspace;
    private Path record;

    @BeforeEach
    void start() throws IOException {
        workspace = Files.createDirectories(folder.resolve("work space"));
        record = folder.resolve("arguments");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            requests.add(path);
            byte[] body = release.get(path);
            exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
            if (body != null) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    @DisplayName("inputs reach stowage as they are, and nothing in them runs")
    void inputs() throws Exception {
        release("linux-amd64");
        Script.Result result = script().with("INPUT_FILES", "deploy/\n\n  $(touch x)  \r\n-v\n`touch y`; a b'\"*.yaml")
                .with("INPUT_IMAGES", "nginx:1.27\n--context=prod\n@args")
                .with("INPUT_PLATFORMS", "linux/amd64,linux/arm64\n linux/s390x")
                .with("INPUT_CONFIG", "my config.yaml")
                .with("INPUT_FAIL_ON", "does-not-run")
                .with("INPUT_SARIF_FILE", "-o $HOME.sarif")
                .run(SCRIPT);

        assertThat(result.code()).as(result.err()).isZero();
        List<String> arguments = Script.recorded(record);
        assertThat(arguments.subList(0, 3)).containsExactly("check", "--recursive", "--fail-on=does-not-run");
        assertThat(arguments.subList(5, arguments.size()))
                .containsExactly(
                        "--filename=deploy/",
                        "--filename=$(touch x)",
                        "--filename=-v",
                        "--filename=`touch y`; a b'\"*.yaml",
                        "--platform=linux/amd64,linux/arm64",
                        "--platform=linux/s390x",
                        "--config=my config.yaml",
                        "--",
                        "nginx:1.27",
                        "--context=prod",
                        "@args");
        assertThat(workspace.toFile().list()).containsExactly("-o $HOME.sarif");
        assertThat(output()).isEqualTo("sarif=-o $HOME.sarif\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 70})
    @DisplayName("ends with the exit code of the check, with SARIF and the summary written")
    void exitCodes(int code) throws Exception {
        release("linux-amd64");
        Script.Result result = script().with("INPUT_FILES", "deploy")
                .with("STUB_CODE", String.valueOf(code))
                .run(SCRIPT);

        assertThat(result.code()).isEqualTo(code);
        assertThat(result.err()).isEqualTo("stowage: a note\n");
        assertThat(workspace.resolve("stowage.sarif")).content().startsWith("result sarif=");
        assertThat(output()).isEqualTo("sarif=stowage.sarif\n");
        assertThat(summary()).startsWith("result markdown=");
        assertThat(Files.readString(folder.resolve("path"))).endsWith("/stowage-1.2.3-linux-amd64/bin\n");
    }

    @Test
    @DisplayName("what stowage prints never becomes a command of the runner")
    void workflowCommands() throws Exception {
        release("linux-amd64");
        String out = script().with("INPUT_FILES", "deploy").run(SCRIPT).out();

        assertThat(out).matches("(?s)::stop-commands::([0-9a-f]{32})\n::error::the table\n::\\1::\n");
    }

    @Test
    @DisplayName("a check that did not run shows why in the summary, and has no SARIF")
    void didNotRun() throws Exception {
        release("linux-amd64");
        Script.Result result =
                script().with("INPUT_FILES", "none").with("STUB_CODE", "64").run(SCRIPT);

        assertThat(result.code()).isEqualTo(64);
        assertThat(workspace).isEmptyDirectory();
        assertThat(folder.resolve("output")).doesNotExist();
        assertThat(summary()).isEqualTo("### Stowage: the check did not run\n\n    stowage: a note\n");
    }

    @Test
    @DisplayName("of a summary that GitHub would not take, the first line is written")
    void largeSummary() throws Exception {
        release("linux-amd64");
        script().with("INPUT_FILES", "deploy").with("STUB_BYTES", "1000000").run(SCRIPT);

        assertThat(summary()).startsWith("result markdown=").endsWith("too large for a summary; the log has it.\n");
        assertThat(summary().length()).isLessThan(1000);
        assertThat(workspace.resolve("stowage.sarif").toFile().length()).isGreaterThan(1_000_000);
    }

    @Test
    @DisplayName("a SARIF file that cannot be written is an error")
    void sarifNotWritable() throws Exception {
        release("linux-amd64");
        Script.Result result = script().with("INPUT_FILES", "deploy")
                .with("INPUT_SARIF_FILE", "none/x.sarif")
                .run(SCRIPT);

        assertThat(result.code()).isEqualTo(64);
        assertThat(result.err())
                .contains("::error title=Stowage::stowage: cannot write the input sarif-file: none/x.sarif");
        assertThat(folder.resolve("output")).doesNotExist();
    }

    @Test
    @DisplayName("an archive with another checksum is not unpacked")
    void wrongChecksum() throws Exception {
        release("linux-amd64");
        release.put(
                "/v1.2.3/stowage-1.2.3-linux-amd64.tar.gz.sha256",
                ("0".repeat(64) + "  stowage-1.2.3-linux-amd64.tar.gz\n").getBytes(StandardCharsets.UTF_8));
        Script.Result result = script().with("INPUT_FILES", "deploy").run(SCRIPT);

        assertThat(result.code()).isEqualTo(64);
        assertThat(result.err())
                .contains("::error title=Stowage::stowage: stowage-1.2.3-linux-amd64.tar.gz does not have the SHA-256");
        assertThat(Script.recorded(record)).isEmpty();
        assertThat(folder.resolve("temp/stowage")).doesNotExist();
    }

    @Test
    @DisplayName("an empty checksum fits no archive")
    void emptyChecksum() throws Exception {
        release("linux-amd64");
        release.put("/v1.2.3/stowage-1.2.3-linux-amd64.tar.gz.sha256", new byte[0]);
        Script.Result result = script().with("INPUT_FILES", "deploy").run(SCRIPT);

        assertThat(result.code()).isEqualTo(64);
        assertThat(result.err()).contains("does not have the SHA-256");
        assertThat(Script.recorded(record)).isEmpty();
    }

    @Test
    @DisplayName("a release that does not exist is named by its address")
    void noRelease() throws Exception {
        Script.Result result = script().with("INPUT_FILES", "deploy")
                .with("INPUT_VERSION", "v9.9.9")
                .run(SCRIPT);

        assertThat(result.code()).isEqualTo(64);
        assertThat(result.err()).contains("404").contains("/v9.9.9/stowage-9.9.9-linux-amd64.tar.gz");
    }

    @ParameterizedTest
    @CsvSource({"Linux,X64,linux-amd64", "Linux,ARM64,linux-arm64", "macOS,X64,darwin-amd64", "macOS,ARM64,darwin-arm64"
    })
    @DisplayName("downloads the archive of the runner's platform, once in a job")
    void platforms(String os, String architecture, String platform) throws Exception {
        release(platform);
        Script script =
                script().with("INPUT_FILES", "deploy").with("RUNNER_OS", os).with("RUNNER_ARCH", architecture);
        script.run(SCRIPT);
        Script.Result second = script.run(SCRIPT);

        assertThat(second.code()).as(second.err()).isZero();
        String archive = "/v1.2.3/stowage-1.2.3-" + platform + ".tar.gz";
        assertThat(requests).containsExactly(archive, archive + ".sha256");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RUNNER_OS       | Windows       | there is no command line for runners of Windows on X64",
                "RUNNER_ARCH     | ARM           | there is no command line for runners of Linux on ARM:",
                "INPUT_VERSION   | ../../x       | the input version is not a valid version, such as 0.1.0: ../../x",
                "INPUT_VERSION   | 1.2.3$(id)    | the input version is not a valid version",
                "INPUT_FILES     | ''            | nothing to check: give the input files or the input images"
            })
    @DisplayName("inputs that are not valid are an error of one line, and nothing is downloaded")
    void errors(String variable, String value, String message) throws Exception {
        Script.Result result =
                script().with("INPUT_FILES", "deploy").with(variable, value).run(SCRIPT);

        assertThat(result.code()).isEqualTo(64);
        assertThat(result.err())
                .startsWith("::error title=Stowage::stowage: " + message)
                .hasLineCount(1);
        assertThat(requests).isEmpty();
    }

    @Test
    @DisplayName("a line break in an input does not begin a command of the runner")
    void lineBreaks() throws Exception {
        Script.Result result = script().with("INPUT_FILES", "deploy")
                .with("INPUT_VERSION", "1\n::add-mask::a%0A")
                .run(SCRIPT);

        assertThat(result.err()).hasLineCount(1).contains("1%0A::add-mask::a%250A");
        assertThat(script().with("INPUT_FILES", "deploy")
                        .with("INPUT_SARIF_FILE", "x\npath=y")
                        .run(SCRIPT)
                        .err())
                .contains("the input sarif-file is not a valid file name: it has several lines");
    }

    private Script script() {
        return new Script(workspace)
                .with("HOME", folder.toString())
                .with("RUNNER_OS", "Linux")
                .with("RUNNER_ARCH", "X64")
                .with("RUNNER_TEMP", folder.resolve("temp").toString())
                .with("GITHUB_OUTPUT", folder.resolve("output").toString())
                .with("GITHUB_PATH", folder.resolve("path").toString())
                .with("GITHUB_STEP_SUMMARY", folder.resolve("summary").toString())
                .with("INPUT_VERSION", "1.2.3")
                .with(
                        "STOWAGE_RELEASES",
                        "http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void release(String platform) throws Exception {
        String name = "stowage-1.2.3-" + platform;
        Path made = folder.resolve("made");
        Script.recorder(made.resolve(name + "/bin/stowage"), record);
        Script.Result tar = new Script(made).line("tar -czf archive " + name);
        assertThat(tar.code()).as(tar.err()).isZero();
        byte[] archive = Files.readAllBytes(made.resolve("archive"));
        release.put("/v1.2.3/" + name + ".tar.gz", archive);
        release.put(
                "/v1.2.3/" + name + ".tar.gz.sha256",
                (sha256(archive) + "  " + name + ".tar.gz\n").getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output"));
    }

    private String summary() throws IOException {
        return Files.readString(folder.resolve("summary"));
    }
}
