package dev.stowage.cli.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.cli.CommandRun;
import dev.stowage.demo.SampleImages;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.client.HttpRegistry;
import dev.stowage.testing.Program;
import dev.stowage.testing.RealRegistry;
import dev.stowage.testing.RegistryPusher;
import dev.stowage.testing.RequiresProgram;
import dev.stowage.testing.RequiresRegistry;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The index that is shown, and the one that crane makes with the command that is shown. */
@RequiresRegistry
@RequiresProgram("crane")
class MergeCraneIT {

    private static final Platform AMD64 = Platform.of("linux", "amd64");
    private static final Platform ARM64 = new Platform("linux", "arm64", "v8", "", java.util.List.of());

    private final HttpRegistry client = new HttpRegistry(RegistrySettings.DEFAULT, RegistryObserver.NONE);
    private RealRegistry registry;

    @BeforeEach
    void start(@TempDir Path folder) {
        registry = new RealRegistry(folder, "", "");
    }

    @AfterEach
    void end() {
        client.close();
        registry.close();
    }

    @Test
    @DisplayName("two repositories into a third: crane makes the same index, byte for byte, attestations included")
    void twoRepositories() throws Exception {
        SampleImages one = images("shop-amd64");
        Descriptor amd64 = one.image(AMD64);
        one.index("1", amd64, one.attestation(amd64));
        SampleImages other = images("shop-arm64");
        Descriptor arm64 = other.image(ARM64);
        other.index("1", arm64, other.attestation(arm64));

        String out = merge("shop-amd64:1", "shop-arm64:1");

        assertThat(made(out)).isEqualTo(shown(out));
        assertThat(inspected()).contains("attests linux/amd64 (", "attests linux/arm64/v8 (");
    }

    @Test
    @DisplayName("single manifests of Docker's types: crane makes the same list")
    void singleManifests() throws Exception {
        images("shop-amd64").put("1", MediaTypes.DOCKER_MANIFEST, docker("shop-amd64", AMD64));
        images("shop-arm64").put("1", MediaTypes.DOCKER_MANIFEST, docker("shop-arm64", ARM64));

        String out = merge("shop-amd64:1", "shop-arm64:1");

        assertThat(made(out)).isEqualTo(shown(out));
    }

    private com.fasterxml.jackson.databind.node.ObjectNode docker(String repository, Platform platform) {
        SampleImages images = images(repository);
        String config = "{\"os\":\"" + platform.os() + "\",\"architecture\":\"" + platform.architecture() + "\""
                + (platform.variant().isEmpty() ? "" : ",\"variant\":\"" + platform.variant() + "\"") + "}";
        return images.manifestJson(
                MediaTypes.DOCKER_MANIFEST,
                images.blob(MediaTypes.DOCKER_CONFIG, config.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                java.util.List.of());
    }

    private String merge(String... sources) {
        CommandRun.Result result = CommandRun.with(client)
                .run(Stream.concat(
                                Stream.of("merge", host() + "/shop:1"),
                                Arrays.stream(sources).map(source -> host() + "/" + source))
                        .toArray(String[]::new));
        assertThat(result.code()).as(result.err()).isZero();
        return result.out();
    }

    /** The digest of the index that the shown command makes. */
    private String made(String out) throws Exception {
        String command =
                out.substring(out.indexOf("  crane ")).replace("\\\n", " ").strip();
        String[] arguments = command.substring("crane ".length()).split(" +");
        Program crane = Program.named("crane");
        Program.Result appended = crane.run(arguments);
        assertThat(appended.code()).as(appended.out()).isZero();
        return crane.run("digest", host() + "/shop:1").out().strip();
    }

    private static String shown(String out) {
        return out.replaceAll("(?s).*which makes (\\S+) of it.*", "$1");
    }

    private String inspected() {
        return CommandRun.with(client).run("inspect", host() + "/shop:1").out();
    }

    private SampleImages images(String repository) {
        return new SampleImages(new RegistryPusher(HttpClient.newHttpClient(), "http://" + host(), repository, ""));
    }

    private String host() {
        return registry.host();
    }
}
