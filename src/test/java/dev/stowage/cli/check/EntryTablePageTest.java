package dev.stowage.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.cli.CommandRun;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Digest;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.testing.MemoryRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of docs/how-it-decides.md about runtimes say what {@code check} answers. */
class EntryTablePageTest {

    private static final Path PAGE = Path.of("docs/how-it-decides.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Platform AMD64 = Platform.of("linux", "amd64");
    private static final Platform ARM_V7 = new Platform("linux", "arm", "v7", "", List.of());

    /** What a row is about: the node's platform, and the image that is stored. */
    private static final Map<String, Row> ROWS = Map.of(
            "entry `x86_64` on amd64", new Row("linux/amd64", images -> of(images, Platform.of("linux", "x86_64"))),
            "entry 386 on amd64", new Row("linux/amd64", images -> of(images, Platform.of("linux", "386"))),
            "entry arm/v7 on arm64", new Row("linux/arm64", images -> of(images, ARM_V7)),
            "entry arm/v6 on arm/v7",
                    new Row("linux/arm/v7", images -> of(images, new Platform("linux", "arm", "v6", "", List.of()))),
            "entry with `os.features` on Linux",
                    new Row("linux/amd64", images -> {
                        Platform features = new Platform("linux", "amd64", "", "", List.of("sse4"));
                        images.index("it", SampleImages.claiming(images.image(AMD64), Optional.of(features)));
                    }),
            "first entry without platform, its config for the node",
                    new Row(
                            "linux/amd64",
                            images -> images.index("it", SampleImages.claiming(images.image(AMD64), Optional.empty()))),
            "nested index for the platform",
                    new Row(
                            "linux/amd64",
                            images -> images.index(
                                    "it",
                                    SampleImages.claiming(
                                            images.index(null, images.image(AMD64)), Optional.of(AMD64)))),
            "second entry of the platform missing",
                    new Row("linux/amd64", images -> images.index("it", images.image(AMD64), missing())),
            "first entry of the platform missing",
                    new Row("linux/amd64", images -> images.index("it", missing(), images.image(AMD64))),
            "Docker schema 1 manifest",
                    new Row(
                            "linux/amd64",
                            images -> images.put(
                                    "it",
                                    "application/vnd.docker.distribution.manifest.v1+json",
                                    new ObjectMapper().createObjectNode().put("schemaVersion", 1))));

    private interface Content {
        void store(SampleImages images);
    }

    private record Row(String node, Content image) {}

    private static void of(SampleImages images, Platform platform) {
        images.index("it", images.image(platform));
    }

    private static Descriptor missing() {
        Descriptor gone = Descriptor.of(MediaTypes.OCI_MANIFEST, Digest.of("gone".getBytes(StandardCharsets.UTF_8)), 4);
        return SampleImages.claiming(gone, Optional.of(AMD64));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("cells")
    void aCellSaysWhatIsAnswered(String row, String runtime, String cell) throws IOException {
        MemoryRegistry registry = new MemoryRegistry();
        Row content = ROWS.get(row);
        content.image().store(new SampleImages(registry));

        JsonNode answer = new ObjectMapper()
                .readTree(CommandRun.with(registry)
                        .run(
                                "check",
                                "r.example/app:it",
                                "-o",
                                "json",
                                "--platform",
                                content.node(),
                                "--runtime",
                                runtime)
                        .out())
                .get(0);

        String said = cell.split(":")[0].trim();
        assertThat(answer.get("verdict").asText())
                .as(answer.get("message").asText())
                .isEqualTo(said.startsWith("runs") ? "Runs" : "DoesNotRun");
        if (said.startsWith("runs")) {
            assertThat(answer.get("message").asText().isEmpty())
                    .as(answer.get("message").asText())
                    .isEqualTo(said.equals("runs"));
        }
    }

    @Test
    void theTableHasEveryRow() throws IOException {
        assertThat(table("entries").stream().skip(2).map(row -> row.get(0)))
                .containsExactlyInAnyOrderElementsOf(ROWS.keySet());
    }

    @Test
    void theFamiliesAreThoseOfTheCode() throws IOException {
        List<String> names = new ArrayList<>();
        table("runtimes").stream().skip(2).forEach(row -> names.addAll(code(row.get(0))));

        assertThat(new TreeSet<>(names)).isEqualTo(new TreeSet<>(RuntimeFamily.NAMES));
    }

    @Test
    void theDistributionsPullLocally() throws IOException {
        List<List<String>> rows = table("distributions").stream().skip(2).toList();

        assertThat(rows).hasSize(4).allSatisfy(row -> {
            String sign =
                    code(row.get(1)).stream().reduce((first, last) -> last).orElseThrow();
            boolean version = row.get(1).startsWith("the version");
            assertThat(RuntimeFamily.reportedAs(
                            "containerd://2.3.1" + (version ? sign + "1" : ""), version ? "SLES" : sign + " 1"))
                    .isEqualTo(RuntimeFamily.CONTAINERD_LOCAL);
        });
    }

    static Stream<Arguments> cells() throws IOException {
        List<List<String>> table = table("entries");
        List<String> headers = table.get(0);
        List<Arguments> cells = new ArrayList<>();
        for (List<String> row : table.subList(2, table.size())) {
            for (int column = 1; column < headers.size(); column++) {
                for (String runtime : code(headers.get(column))) {
                    cells.add(Arguments.of(row.get(0), runtime, row.get(column)));
                }
            }
        }
        return cells.stream();
    }

    private static List<String> code(String cell) {
        List<String> code = new ArrayList<>();
        Matcher matcher = CODE.matcher(cell);
        while (matcher.find()) {
            code.add(matcher.group(1));
        }
        return code;
    }

    private static List<List<String>> table(String name) throws IOException {
        String page = Files.readString(PAGE);
        return page.substring(page.indexOf("<!-- " + name + " -->"))
                .lines()
                .skip(1)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> Arrays.stream(line.substring(1).split("\\|"))
                        .map(String::trim)
                        .toList())
                .toList();
    }
}
