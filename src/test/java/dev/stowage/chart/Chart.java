package dev.stowage.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import dev.stowage.testing.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The chart as the real Helm renders it. */
final class Chart {

    static final Path FOLDER = Path.of("helm", "stowage");
    static final String NAMESPACE = "stowage";

    static final String KUBERNETES = "1.34.0";
    private static final String SOURCE = "# Source: stowage/";
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final String text;
    private final List<JsonNode> objects;

    private Chart(String text) {
        this.text = text;
        this.objects = parse(text);
    }

    /** As a release "stowage" in the namespace "stowage", with values as {@code --values} takes them. */
    static Chart with(String... values) {
        return release("stowage", String.join("\n", values));
    }

    /** With a file of values. */
    static Chart with(Path values) {
        return new Chart(command("stowage").withValuesFile(values).call());
    }

    /** As another release, still in the namespace "stowage". */
    static Chart release(String name, String values) {
        Path file = null;
        try {
            file = Files.createTempFile("stowage-values", ".yaml");
            Files.writeString(file, values);
            return new Chart(command(name).withValuesFile(file).call());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (file != null) {
                file.toFile().delete();
            }
        }
    }

    /** On a cluster that has these APIs next to Kubernetes' own; by the program, for only it can be told of them. */
    static Chart beside(List<String> apis, String values) throws IOException, InterruptedException {
        Path file = Files.createTempFile("stowage-values", ".yaml");
        try {
            Files.writeString(file, values);
            Program.Result result = Program.named("helm")
                    .run(
                            "template",
                            "stowage",
                            FOLDER.toString(),
                            "--namespace=" + NAMESPACE,
                            "--kube-version=" + KUBERNETES,
                            "--api-versions=" + String.join(",", apis),
                            "--values=" + file);
            if (result.code() != 0) {
                throw new IllegalStateException(result.out());
            }
            return new Chart(result.out());
        } finally {
            Files.delete(file);
        }
    }

    /** The sets of values that the chart carries, a way to install each. */
    static Stream<Path> valueSets() {
        try (Stream<Path> files = Files.list(FOLDER.resolve("ci"))) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TemplateCommand command(String name) {
        return new Helm(FOLDER)
                .template()
                .withName(name)
                .withNamespace(NAMESPACE)
                .withKubeVersion(KUBERNETES);
    }

    /** Everything as Helm wrote it. */
    String text() {
        return text;
    }

    /** The objects that an installation consists of; what is there for {@code helm test} only is not among them. */
    List<JsonNode> objects() {
        return objects;
    }

    /** Those of one kind. */
    List<JsonNode> all(String kind) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .toList();
    }

    /** The only one of its kind. */
    JsonNode one(String kind) {
        List<JsonNode> found = all(kind);
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " objects of kind " + kind);
        }
        return found.get(0);
    }

    /** The Deployment's only container. */
    JsonNode container() {
        return one("Deployment").at("/spec/template/spec/containers/0");
    }

    /** The pod template's spec. */
    JsonNode pod() {
        return one("Deployment").at("/spec/template/spec");
    }

    /** The only webhook of the configuration. */
    JsonNode webhook() {
        return one("ValidatingWebhookConfiguration").at("/webhooks/0");
    }

    /** The application's configuration as the ConfigMap contains it. */
    JsonNode configuration() {
        return parse(all("ConfigMap").get(0).at("/data/stowage.yaml").asText())
                .get(0)
                .path("stowage");
    }

    /** What Helm wrote, by template ({@code rbac.yaml}). */
    Map<String, String> byTemplate() {
        Map<String, String> files = new LinkedHashMap<>();
        for (String document : text.split("(?m)^---\\n")) {
            if (!document.startsWith(SOURCE)) {
                continue;
            }
            int end = document.indexOf('\n');
            String template = document.substring(SOURCE.length(), end).replaceFirst("^templates/", "");
            files.merge(template, document.substring(end + 1), (before, more) -> before + "---\n" + more);
        }
        return files;
    }

    static List<JsonNode> parse(String yaml) {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(yaml)) {
            List<JsonNode> objects = new ArrayList<>();
            documents.forEachRemaining(document -> {
                if (document.isObject()) {
                    objects.add(document);
                }
            });
            return objects;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> texts(JsonNode array) {
        return Arrays.asList(YAML.convertValue(array, String[].class));
    }
}
