package dev.stowage.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.cli.CommandRun;
import dev.stowage.cli.Manifests;
import dev.stowage.demo.SampleImages;
import dev.stowage.platform.Platform;
import dev.stowage.testing.MemoryRegistry;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code check -f} makes of what people and pipes give it. */
class CheckInputTest {

    private static final String IMAGE = "r.example/app:amd64";

    private final MemoryRegistry registry = new MemoryRegistry();

    @TempDir
    private Path folder;

    static Stream<Arguments> unusable() {
        return Stream.of(
                Arguments.of(
                        "empty input",
                        "",
                        "standard input contains no Kubernetes object; did the command before the pipe fail?"),
                Arguments.of("comments only", "# nothing\n---\n", "standard input contains no Kubernetes object"),
                Arguments.of("binary", "\u0000\u0001\u0002", "standard input (document 1) contains control characters"),
                Arguments.of(
                        "broken YAML",
                        Manifests.pod("p", IMAGE) + "---\nkind: Pod\nspec:\n\tx: 1\n",
                        "standard input, line 12 (document 2) is not valid YAML: "),
                Arguments.of(
                        "broken JSON",
                        "{\"kind\": \"Pod\",\n \"x\": }",
                        "standard input, line 2 (document 1) is not valid JSON"),
                Arguments.of(
                        "template that is no YAML",
                        "apiVersion: v1\nkind: Pod\nspec:\n  {{- if .Values.x }}\n  containers: []\n  {{- end }}\n",
                        "line 4 contains template code ({{ … }}): if this is a chart's template, render it first:"
                                + " helm template … | stowage check -f -"),
                Arguments.of(
                        "template that is YAML",
                        Manifests.pod("p", "\"{{ .Values.image }}\""),
                        "standard input, line 8: the image of app is template code ({{ .Values.image }}); render it first:"
                                + " helm template … | stowage check -f -"),
                Arguments.of(
                        "values, not a manifest",
                        "image: nginx\n",
                        "standard input, line 1 has no kind, so it is not a Kubernetes object"),
                Arguments.of("a list at the top", "- a\n- b\n", "standard input, line 1 is not a mapping"),
                Arguments.of(
                        "containers that are no list",
                        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers: x\n",
                        "standard input, line 1: "),
                Arguments.of("an image that is a number", Manifests.pod("p", "1.27"), "standard input, line 1: "),
                Arguments.of("alias bomb", bomb(), "contains more than 1000000 values, aliases counted"),
                Arguments.of("merge bomb", mergeBomb("[]"), "contains more than 1000000 values, aliases counted"),
                Arguments.of(
                        "merge bomb of maps",
                        mergeBomb("{a: b}"),
                        "contains more than 1000000 values, aliases counted"),
                Arguments.of("an alias of itself", "kind: Pod\nspec: &a [*a]\n", "nests deeper than 200 levels"),
                Arguments.of("depth", "kind: " + "[".repeat(5000), "nests deeper than 200 levels"),
                Arguments.of("depth in JSON", "{\"kind\": " + "[".repeat(5000), "nests deeper than 200 levels"),
                Arguments.of("merge of text", "kind: Pod\nspec:\n  <<: text\n", "line 3 (document 1) merges (<<)"));
    }

    /** Lists of lists of aliases, as merge keys take them: 9 to the power of 9 merges of nothing. */
    private static String mergeBomb(String leaf) {
        StringBuilder text = new StringBuilder("kind: Pod\na0: &a0 " + leaf + "\n");
        for (int i = 1; i < 10; i++) {
            text.append("a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [")
                    .append(("*a" + (i - 1) + ", ").repeat(9))
                    .append("]\n");
        }
        return text.append("spec:\n  <<: *a9\n").toString();
    }

    @Test
    @Timeout(60)
    @DisplayName("40,000 containers are read in linear time, and are too large to check")
    void manyContainers() {
        StringBuilder pod = new StringBuilder("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n");
        for (int i = 0; i < 40_000; i++) {
            pod.append("  - {name: c")
                    .append(i)
                    .append(", image: \"h")
                    .append(i)
                    .append(".example/a\"}\n");
        }

        CommandRun.Result result =
                CommandRun.withoutRegistry().input(pod.toString()).run("check", "-f", "-");

        assertThat(result.err())
                .contains(
                        "stowage: Pod p is not checked: it is too large to check: more than 500 containers and volumes");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unusable")
    void whatCannotBeReadIsOneSentenceWithTheLine(String name, String input, String sentence) {
        CommandRun.Result result = CommandRun.withoutRegistry().input(input).run("check", "-f", "-");

        assertThat(result.code()).isEqualTo(64);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith("stowage: standard input")
                .contains(sentence)
                .doesNotContain("\tat ");
        assertThat(result.err().lines()).hasSize(1);
    }

    @Test
    @DisplayName("bytes that are no UTF-8")
    void bytesThatAreNoText() {
        byte[] gzip = {0x1f, (byte) 0x8b, 8, 0, (byte) 0xff, (byte) 0xfe, 'x'};

        CommandRun.Result result = CommandRun.withoutRegistry().input(gzip).run("check", "-f", "-");

        assertThat(result.code()).isEqualTo(64);
        assertThat(result.err()).contains("standard input is not text in UTF-8; it seems to be binary");
    }

    @Test
    @DisplayName("one document of 100 MB")
    void oneDocumentOfHundredMegabytes() {
        InputStream input =
                endless("kind: ConfigMap\ndata:\n  a: |\n", "    text that goes on and on\n".repeat(1000), 3600);

        CommandRun.Result result = CommandRun.withoutRegistry().input(input).run("check", "-f", "-");

        assertThat(result.code()).isEqualTo(64);
        assertThat(result.err()).contains("is longer than 16 MiB without a new document (---); split it into several");
    }

    @Test
    @DisplayName("100 MB of many documents are read one by one")
    void hundredMegabytesOfManyDocuments() {
        image();
        String others = ("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  a: |\n"
                + "    0123456789012345678901234567890123456789\n".repeat(2500));
        InputStream input = endless(Manifests.pod("p", IMAGE), others, 900);

        CommandRun.Result result =
                CommandRun.with(registry).input(input).run("check", "-f", "-", "--platform=linux/amd64");

        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("1 image, 1 check: 1 run").contains("900 objects without pods passed over");
    }

    @Test
    @DisplayName("unknown kinds are passed over and counted")
    void unknownKindsArePassedOver() {
        CommandRun.Result result = CommandRun.with(registry)
                .input(
                        "apiVersion: example.com/v1\nkind: Widget\nspec: {image: x}\n---\napiVersion: v1\nkind: Service\n")
                .run("check", "-f", "-", "--platform=linux/amd64");

        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("nothing to check; 2 objects without pods passed over");
    }

    @Test
    @DisplayName("missing file, and the others are named too")
    void missingFiles() {
        String one = folder.resolve("one.yaml").toString();
        String two = folder.resolve("two.yaml").toString();

        CommandRun.Result result = CommandRun.withoutRegistry().run("check", "-f", one, "-f", two);

        assertThat(result.code()).isEqualTo(64);
        assertThat(result.err())
                .isEqualToNormalizingNewlines(
                        "stowage: " + one + " does not exist\nstowage: " + two + " does not exist\n");
    }

    @Test
    @DisplayName("a directory is its manifests, and with -R those below it")
    void aFolder() throws Exception {
        image();
        Files.writeString(folder.resolve("a.yaml"), Manifests.pod("a", IMAGE));
        Files.writeString(folder.resolve("b.yml"), Manifests.pod("b", IMAGE));
        Files.writeString(folder.resolve("values.yaml"), "image: x\n");
        Files.writeString(folder.resolve("notes.txt"), "none of this");
        Files.createDirectory(folder.resolve("below"));
        Files.writeString(folder.resolve("below/c.json"), "{\"apiVersion\":\"v1\",\"kind\":\"PodList\",\"items\":[]}");
        Files.writeString(folder.resolve("below/d.yaml"), Manifests.pod("d", IMAGE));
        String platform = "--platform=linux/amd64";

        assertThat(CommandRun.with(registry)
                        .run("check", "-f", folder.toString(), platform)
                        .out())
                .contains("in Pod a (app), Pod b (app)\n");
        assertThat(CommandRun.with(registry)
                        .run("check", "-R", "-f", folder.toString(), platform)
                        .out())
                .contains("in Pod a (app), Pod b (app), Pod d (app)\n");
        assertThat(CommandRun.withoutRegistry()
                        .run(
                                "check",
                                "-f",
                                Files.createDirectory(folder.resolve("empty")).toString()))
                .satisfies(result -> assertThat(result.code()).isEqualTo(64))
                .satisfies(
                        result -> assertThat(result.err()).contains("contains no .yaml, .yml or .json file; -R also"));
    }

    @Test
    @DisplayName("a URL is not fetched")
    void aUrl() {
        CommandRun.Result result = CommandRun.withoutRegistry().run("check", "-f", "https://example.com/x.yaml");

        assertThat(result.code()).isEqualTo(64);
        assertThat(result.err()).contains("is a URL; fetch it first: curl -fsSL … | stowage check -f -");
    }

    static Stream<Arguments> readable() {
        String pod = Manifests.pod("p", IMAGE);
        String json = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"},"
                + "\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\"" + IMAGE + "\"}]}}";
        return Stream.of(
                Arguments.of("Windows line ends", pod.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)),
                Arguments.of("byte order mark", ("\ufeff" + pod).getBytes(StandardCharsets.UTF_8)),
                Arguments.of("UTF-16 of PowerShell", ("\ufeff" + pod).getBytes(StandardCharsets.UTF_16LE)),
                Arguments.of("tabs in JSON", json.replace(",", ",\t").getBytes(StandardCharsets.UTF_8)),
                Arguments.of(
                        "a typed list without kinds",
                        ("{\"apiVersion\":\"v1\",\"kind\":\"PodList\",\"items\":["
                                        + json.replace("\"apiVersion\":\"v1\",\"kind\":\"Pod\",", "") + "]}")
                                .getBytes(StandardCharsets.UTF_8)),
                Arguments.of(
                        "a List",
                        ("apiVersion: v1\nkind: List\nitems:\n- " + pod.replace("\n", "\n  "))
                                .getBytes(StandardCharsets.UTF_8)),
                Arguments.of(
                        "aliases and merge keys",
                        ("x-base: &base {name: app, image: wrong}\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"
                                        + "spec:\n  containers:\n  - <<: *base\n    image: " + IMAGE + "\n")
                                .getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("readable")
    void everyFormThatToolsWriteIsRead(String name, byte[] input) throws Exception {
        image();

        CommandRun.Result result =
                CommandRun.with(registry).input(input).run("check", "-f", "-", "-o", "json", "--platform=linux/amd64");

        assertThat(result.err()).startsWith("1 image, 1 check");
        assertThat(new ObjectMapper().readTree(result.out()).at("/0/image").asText())
                .isEqualTo(IMAGE);
        assertThat(result.code()).isZero();
    }

    @Test
    void severalJsonDocumentsNeedNothingBetweenThem() throws Exception {
        image();
        String json = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"},"
                + "\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\"" + IMAGE + "\"}]}}";

        CommandRun.Result result = CommandRun.with(registry)
                .input(json + json + "\n" + json)
                .run("check", "-f", "-", "-o", "json", "--platform=linux/amd64");

        assertThat(new ObjectMapper().readTree(result.out())).hasSize(3);
    }

    private void image() {
        SampleImages images = new SampleImages(registry);
        images.index("amd64", images.image(Platform.of("linux", "amd64")));
    }

    private static String bomb() {
        StringBuilder bomb = new StringBuilder("kind: Pod\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [");
            bomb.append(String.join(", ", Collections.nCopies(10, "*a" + (i - 1))))
                    .append("]\n");
        }
        return bomb.toString();
    }

    private static InputStream endless(String head, String part, int times) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        Iterator<InputStream> all = Stream.concat(
                        Stream.of(new ByteArrayInputStream(head.getBytes(StandardCharsets.UTF_8))),
                        Stream.generate(() -> new ByteArrayInputStream(bytes)).limit(times))
                .map(InputStream.class::cast)
                .iterator();
        return new SequenceInputStream(new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return all.hasNext();
            }

            @Override
            public InputStream nextElement() {
                return all.next();
            }
        });
    }
}
