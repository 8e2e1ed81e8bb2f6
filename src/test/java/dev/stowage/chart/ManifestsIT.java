package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.testing.Program;
import dev.stowage.testing.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plain manifests in {@code k8s/} are what the chart renders, without Helm's own labels. With the system property
 * {@code stowage.manifests=write} they are written instead of compared: that is what {@code hack/render-manifests} does.
 */
class ManifestsIT {

    private static final Path FOLDER = Path.of("k8s");
    private static final String CONFIGURATION = "stowage.yaml";
    private static final Path CRD = Path.of("crd-imagereports.yaml");
    private static final String MENDED_BY = "mended by: hack/render-manifests";

    /** Written by hand, next to what is rendered; the CRD is made from ImageReport. */
    private static final Set<String> BY_HAND = Set.of("kustomization.yaml", "namespace.yaml", CRD.toString());

    @Test
    @DisplayName("k8s/ is rendered from the chart")
    void rendered() throws Exception {
        if ("write".equals(System.getProperty("stowage.manifests"))) {
            write();
            return;
        }
        Map<String, String> rendered = render();

        rendered.forEach((file, content) ->
                assertThat(FOLDER.resolve(file)).as(MENDED_BY).hasContent(content));
        assertThat(files()).as(MENDED_BY).containsAll(rendered.keySet());
        Set<String> others = new TreeSet<>(files());
        others.removeAll(rendered.keySet());
        assertThat(others).as(MENDED_BY).isEqualTo(new TreeSet<>(BY_HAND));
    }

    @Test
    @DisplayName("the chart carries the CRD that is in k8s/")
    void sameCrd() {
        assertThat(Chart.FOLDER.resolve("files").resolve(CRD))
                .as(MENDED_BY)
                .hasSameTextualContentAs(FOLDER.resolve(CRD));
    }

    @Test
    @DisplayName("kustomization.yaml lists every manifest")
    void kustomization() throws Exception {
        Set<String> listed =
                new TreeSet<>(Chart.texts(Chart.parse(Files.readString(FOLDER.resolve("kustomization.yaml")))
                        .get(0)
                        .path("resources")));

        assertThat(listed)
                .isEqualTo(files().stream()
                        .filter(file -> !file.equals("kustomization.yaml") && !file.equals(CONFIGURATION))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    @RequiresProgram("kubectl")
    @DisplayName(
            "kubectl apply -k k8s: pods get a ConfigMap whose name changes with the configuration, so that a change rolls")
    void changedConfigurationRolls(@TempDir Path folder) throws Exception {
        Program kubectl = Program.named("kubectl");
        String installed = mounted(kubectl, FOLDER);
        for (String file : files()) {
            Files.copy(FOLDER.resolve(file), folder.resolve(file));
        }
        assertThat(mounted(kubectl, folder)).isEqualTo(installed);
        Path configuration = folder.resolve(CONFIGURATION);
        Files.writeString(configuration, Files.readString(configuration).replace("mode: enforce", "mode: warn"));

        assertThat(mounted(kubectl, folder)).isNotEqualTo(installed);
    }

    /** The ConfigMap that the pods mount, which is the one that there is. */
    private static String mounted(Program kubectl, Path folder) throws Exception {
        Program.Result result = kubectl.run("kustomize", folder.toString());
        assertThat(result.code()).as(result.out()).isZero();
        Map<String, JsonNode> byKind = Chart.parse(result.out()).stream()
                .collect(Collectors.toMap(object -> object.path("kind").asText(), object -> object, (a, b) -> a));
        JsonNode configMap = byKind.get("ConfigMap");
        assertThat(configMap.at("/data/stowage.yaml").asText()).startsWith("stowage:");
        String name = configMap.at("/metadata/name").asText();
        assertThat(byKind.get("Deployment")
                        .at("/spec/template/spec/volumes/0/configMap/name")
                        .asText())
                .isEqualTo(name);
        assertThat(result.out().split(name, -1))
                .as("nothing else has the name of the ConfigMap")
                .hasSize(3);
        return name;
    }

    private static void write() throws IOException {
        Files.copy(
                FOLDER.resolve(CRD),
                Chart.FOLDER.resolve("files").resolve(CRD),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        for (Map.Entry<String, String> file : render().entrySet()) {
            Files.writeString(FOLDER.resolve(file.getKey()), file.getValue());
        }
    }

    private static Map<String, String> render() {
        Map<String, String> files = new TreeMap<>();
        Chart.with("").byTemplate().forEach((template, content) -> {
            switch (template) {
                case "crd.yaml" -> {}
                // kustomize makes the ConfigMap of it, and its name changes with what it says
                case "configmap.yaml" ->
                    files.put(
                            CONFIGURATION,
                            Chart.parse(content).get(0).at("/data/stowage.yaml").asText());
                case "deployment.yaml" -> files.put(template, withoutChecksum(withoutHelm(content)));
                default -> files.put(template, withoutHelm(content));
            }
        });
        return files;
    }

    private static String withoutHelm(String content) {
        return content.lines()
                        .filter(line -> !line.contains("helm.sh/chart:"))
                        .filter(line -> !line.contains("app.kubernetes.io/managed-by:"))
                        .collect(Collectors.joining("\n"))
                        .strip()
                + "\n";
    }

    private static String withoutChecksum(String deployment) {
        String annotations = "      annotations:\n        # A changed";
        assertThat(deployment).contains(annotations);
        return deployment.replaceFirst(annotations + "[^\n]*\n +checksum/config: [0-9a-f]+\n", "");
    }

    private static Set<String> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
