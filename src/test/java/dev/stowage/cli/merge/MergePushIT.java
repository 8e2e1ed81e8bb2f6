package dev.stowage.cli.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.cli.CommandRun;
import dev.stowage.cli.Main;
import dev.stowage.demo.SampleImages;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Credential;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.client.HttpRegistry;
import dev.stowage.testing.Program;
import dev.stowage.testing.RealRegistry;
import dev.stowage.testing.RealTokenService;
import dev.stowage.testing.RegistryPusher;
import dev.stowage.testing.RequiresProgram;
import dev.stowage.testing.RequiresRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code merge --push} with the CNCF registry, next to what crane pushes. */
@RequiresRegistry
class MergePushIT {

    private static final Platform AMD64 = Platform.of("linux", "amd64");
    private static final Platform ARM64 = new Platform("linux", "arm64", "v8", "", List.of());

    private final HttpRegistry client = new HttpRegistry(RegistrySettings.DEFAULT, RegistryObserver.NONE);
    private RealRegistry registry;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        registry = new RealRegistry(Files.createDirectory(folder.resolve("registry")), "", "");
    }

    @AfterEach
    void end() {
        client.close();
        registry.close();
    }

    @Test
    @RequiresProgram("crane")
    @DisplayName(
            "two repositories into a third: mounted, and the same index as crane's, byte for byte, attestations included")
    void sameRegistry() throws Exception {
        attested("shop-amd64", AMD64);
        attested("shop-arm64", ARM64);

        String out = push(registry.host() + "/shop:1");

        assertThat(out)
                .contains("\n7 blobs: 7 mounted from their repositories, 0 uploaded (0 bytes), 0 there before\n");
        assertThat(manifest("shop:1")).isEqualTo(appended("shop:crane", "shop-amd64:1", "shop-arm64:1"));
        assertThat(CommandRun.with(client)
                        .run("inspect", registry.host() + "/shop:1")
                        .out())
                .contains("attests linux/amd64 (", "attests linux/arm64/v8 (");
        assertThat(crane("validate", "--fast", "--remote", registry.host() + "/shop:1"))
                .contains("PASS");
        assertThat(push(registry.host() + "/shop:1")).contains("\nnothing to do: ");
    }

    @Test
    @RequiresProgram("crane")
    @DisplayName("single manifests of Docker's types become the list that crane makes")
    void docker() throws Exception {
        for (Platform platform : List.of(AMD64, ARM64)) {
            SampleImages images = images(registry, "shop-" + platform.architecture());
            Descriptor image = images.dockerImage(platform);
            images.index("list", MediaTypes.DOCKER_LIST, image);
        }

        String out = CommandRun.with(client)
                .run(
                        "merge",
                        "--push",
                        registry.host() + "/shop:1",
                        registry.host() + "/shop-amd64:list",
                        registry.host() + "/shop-arm64:list")
                .out();

        assertThat(out).contains("index " + MediaTypes.DOCKER_LIST);
        assertThat(manifest("shop:1"))
                .isEqualTo(appended("shop:crane", "--docker-empty-base", "shop-amd64:list", "shop-arm64:list"));
    }

    @Test
    @DisplayName("into another registry everything is sent; what an index of before has left is not sent again")
    void otherRegistry() throws Exception {
        attested("shop-amd64", AMD64);
        attested("shop-arm64", ARM64);
        try (RealRegistry other = new RealRegistry(Files.createDirectory(folder.resolve("other")), "", "")) {
            attested(images(other, "team/shop"), AMD64);

            assertThat(push(other.host() + "/team/shop:1"))
                    .contains("\n4 blobs: 0 mounted from their repositories, 3 uploaded (542 bytes), 1 there before\n");
            assertThat(push(other.host() + "/team/other:1"))
                    .contains("\n7 blobs: 0 mounted from their repositories, 7 uploaded (");
        }
    }

    @Test
    @DisplayName("a registry with tokens: pushed by whoever may pull and push, refused to anybody")
    void tokens() throws Exception {
        attested("shop-amd64", AMD64);
        attested("shop-arm64", ARM64);
        try (RealTokenService service = new RealTokenService("ci", "s3cret")) {
            Path bundle = Files.writeString(folder.resolve("bundle.pem"), service.certificate());
            Path data = Files.createDirectory(folder.resolve("protected"));
            try (RealRegistry other = new RealRegistry(data, "", service.configuration(bundle))) {
                String target = other.host() + "/private/app:1";
                Keyring login =
                        (repository, deadline) -> CompletableFuture.completedFuture(new RegistryResult.Success<>(
                                repository.registry().equals(other.host())
                                        ? new ReadCredentials(List.of(new Credential("ci", "s3cret")))
                                        : ReadCredentials.ANONYMOUS));

                CommandRun.Result refused = push(Keyring.ANONYMOUS, target);
                assertThat(refused.code()).isEqualTo(2);
                assertThat(refused.err())
                        .contains(
                                "There are no credentials for it: docker login " + other.host(),
                                "The tag is as it was.");
                CommandRun.Result pushed = push(login, target);
                assertThat(pushed.code()).as(pushed.err()).isZero();
                assertThat(pushed.out()).contains("7 uploaded (");
            }
        }
    }

    @Test
    @DisplayName("a layer larger than the heap of the process is passed on")
    void largeLayer() throws Exception {
        int size = 160 << 20;
        SampleImages images = images(registry, "shop-amd64");
        Descriptor layer = images.blob("application/vnd.oci.image.layer.v1.tar", new byte[size]);
        images.manifest("1", MediaTypes.OCI_MANIFEST, images.config(AMD64), List.of(layer));
        try (RealRegistry other = new RealRegistry(Files.createDirectory(folder.resolve("other")), "", "")) {
            Path out = folder.resolve("out");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx48m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName()));
            command.addAll(List.of("merge", "--push", other.host() + "/shop:1", registry.host() + "/shop-amd64:1"));
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
            builder.environment().putAll(Map.of("HOME", folder.toString(), "DOCKER_CONFIG", folder.toString()));
            Process process = builder.start();

            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(out)).isZero();
            assertThat(Files.readString(out))
                    .contains(" 2 uploaded (" + (size + images.config(AMD64).size()) + " bytes)");
        }
    }

    private void attested(String repository, Platform platform) {
        attested(images(registry, repository), platform);
    }

    private static void attested(SampleImages images, Platform platform) {
        Descriptor image = images.image(platform);
        images.index("1", image, images.attestation(image));
    }

    private String push(String target) {
        CommandRun.Result result = push(Keyring.ANONYMOUS, target);
        assertThat(result.code()).as(result.err()).isZero();
        return result.out();
    }

    private CommandRun.Result push(Keyring keyring, String target) {
        return CommandRun.with(client, keyring)
                .run("merge", "--push", target, registry.host() + "/shop-amd64:1", registry.host() + "/shop-arm64:1");
    }

    /** The index that crane makes of these. */
    private String appended(String target, String... sources) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("index", "append", "-t", registry.host() + "/" + target));
        for (String source : sources) {
            arguments.addAll(source.startsWith("-") ? List.of(source) : List.of("-m", registry.host() + "/" + source));
        }
        crane(arguments.toArray(String[]::new));
        return manifest(target);
    }

    private String manifest(String image) throws Exception {
        return crane("manifest", registry.host() + "/" + image);
    }

    private static String crane(String... arguments) throws Exception {
        Program.Result result = Program.named("crane").run(arguments);
        assertThat(result.code()).as(result.out()).isZero();
        return result.out();
    }

    private static SampleImages images(RealRegistry registry, String repository) {
        return new SampleImages(
                new RegistryPusher(HttpClient.newHttpClient(), "http://" + registry.host(), repository, ""));
    }
}
