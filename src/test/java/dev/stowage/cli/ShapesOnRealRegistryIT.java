package dev.stowage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.demo.SampleImages;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.testing.RealRegistry;
import dev.stowage.testing.RegistryPusher;
import dev.stowage.testing.RequiresRegistry;
import dev.stowage.testing.Shape;
import dev.stowage.testing.Shapes;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every shape of an image, pushed to the CNCF registry and checked by the application as it is built, for each family of runtimes. */
@RequiresRegistry
class ShapesOnRealRegistryIT {

    private static final List<String> PLATFORMS = List.of("linux/amd64", "linux/arm64", "linux/arm/v7");

    /** Row 90 lists a blob in an index, which this registry does not take. */
    private static final int REFUSED_ROW = 90;

    private static RealRegistry registry;
    private static final Map<Shape, String> IMAGES = new LinkedHashMap<>();
    private static final Map<String, String> SAID = new LinkedHashMap<>();

    @TempDir
    private static Path folder;

    @BeforeAll
    static void pushAndCheckAll() throws Exception {
        registry = new RealRegistry(folder, "", "");
        List<String> images = new ArrayList<>();
        for (Shape shape : shapes().toList()) {
            String repository = "shapes/n" + IMAGES.size();
            String image = registry.host() + "/" + repository + stored(shape, repository);
            IMAGES.put(shape, image);
            images.add(image);
        }
        for (String runtime : RuntimeFamily.NAMES) {
            check(runtime, images);
        }
    }

    private static void check(String runtime, List<String> images) throws Exception {
        List<String> args = new ArrayList<>(List.of("check", "-o", "json", "--runtime", runtime));
        PLATFORMS.forEach(platform -> args.addAll(List.of("--platform", platform)));
        args.addAll(images);
        CommandRun.Result result = new Jar(folder).run("", args.toArray(String[]::new));
        assertThat(result.code()).as(result.err()).isEqualTo(1);
        for (JsonNode check : new ObjectMapper().readTree(result.out())) {
            String platform = check.get("platform").asText();
            SAID.put(check.get("image").asText() + " " + platform + " " + runtime, inShort(check));
        }
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    static Stream<Shape> shapes() {
        return Shapes.storable().filter(shape -> shape.row() != REFUSED_ROW);
    }

    /** Rows 68 and 69 lack a child, which a registry takes only as it really comes about: pushed whole, then deleted. */
    private static String stored(Shape shape, String repository) {
        RegistryPusher store =
                new RegistryPusher(HttpClient.newHttpClient(), "http://" + registry.host(), repository, "");
        if (shape.row() != 68 && shape.row() != 69) {
            return shape.store(store);
        }
        SampleImages images = new SampleImages(store);
        Descriptor amd64 = images.image(Platform.of("linux", "amd64"));
        Descriptor arm64 = images.image(Platform.of("linux", "arm64"));
        String target = shape.store(store);
        store.deleteManifest((shape.row() == 68 ? amd64 : arm64).digest());
        return target;
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void theCommandAgreesWithTheTable(Shape shape) {
        Map<String, String> expected = new LinkedHashMap<>();
        Map<String, String> said = new LinkedHashMap<>();
        for (String platform : PLATFORMS) {
            for (String runtime : RuntimeFamily.NAMES) {
                NodeProfile profile = new NodeProfile(Platform.parse(platform), RuntimeFamily.named(runtime));
                String verdict = shape.expected().get(profile);
                if (verdict != null) {
                    String column = platform + " " + runtime;
                    expected.put(column, verdict);
                    said.put(column, SAID.get(IMAGES.get(nameOf(shape)) + " " + column));
                }
            }
        }

        assertThat(said).isEqualTo(expected);
    }

    @Test
    void everyPlatformIsAnsweredForEveryShape() {
        assertThat(SAID).hasSize(IMAGES.size() * PLATFORMS.size() * RuntimeFamily.NAMES.size());
        assertThat(IMAGES).hasSizeGreaterThan(60);
    }

    /** Shapes are created again for each stream, so they are found by what they are called. */
    private static Shape nameOf(Shape shape) {
        return IMAGES.keySet().stream()
                .filter(pushed -> pushed.toString().equals(shape.toString()))
                .findFirst()
                .orElseThrow();
    }

    private static String inShort(JsonNode check) {
        String verdict = check.get("verdict").asText();
        if ("Runs".equals(verdict)) {
            return check.get("message").asText().isEmpty() ? "Runs" : "Runs +";
        }
        return verdict + " " + check.get("reason").asText();
    }
}
