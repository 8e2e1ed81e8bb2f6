package dev.stowage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.apiserver.ApiServer;
import dev.stowage.testing.OneKubernetesVersion;
import dev.stowage.testing.Program;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.RequiresProgram;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifests of the pages, for Argo CD, Flux and k3s, by a strict dry run on an API server that has their CRDs. */
@RequiresApiServer
@OneKubernetesVersion
@RequiresProgram("kubectl")
class GitOpsPageIT {

    private static final Pattern MANIFEST =
            Pattern.compile("<!-- manifest(?:: (\\S+))? -->\\n```yaml\\n(.*?)```\\n", Pattern.DOTALL);

    @TempDir
    private static Path folder;

    private static Path kubeconfig;

    @BeforeAll
    static void kinds() throws Exception {
        ApiServer server = ApiServer.shared();
        kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
        ForeignKinds.install(server, "gitops-crds.yaml");
        try (KubernetesClient client = server.client()) {
            Stream.of("argocd", "shop", Chart.NAMESPACE).forEach(name -> client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .endMetadata()
                            .build())
                    .serverSideApply());
        }
    }

    static Stream<Arguments> manifests() throws IOException {
        List<Arguments> manifests = new ArrayList<>();
        for (String page : List.of("gitops", "platforms")) {
            MANIFEST.matcher(Files.readString(Path.of("docs", page + ".md")))
                    .results()
                    .forEach(block -> manifests.add(
                            Arguments.of(block.group(1) == null ? page : block.group(1), block.group(2))));
        }
        return manifests.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("manifests")
    @DisplayName("the API server takes each manifest, and no field is unknown to its CRD")
    void taken(String name, String manifest) throws Exception {
        Program.Result result = apply(manifest);

        assertThat(result.code()).as(result.out()).isZero();
        assertThat(result.out()).doesNotContain("Warning");
    }

    @Test
    @DisplayName("a field that there is not, one of the wrong type and one that contradicts another are refused")
    void strict() throws Exception {
        String application = manifest("argo-git");
        String release = manifest("flux-git");

        assertThat(apply(application.replace("targetRevision:", "revision:")).out())
                .contains("spec.source.revision");
        assertThat(apply(application.replace("selfHeal: true", "selfHeal: yes please"))
                        .code())
                .isNotZero();
        assertThat(apply(release.replace("mode: enabled", "mode: sometimes")).out())
                .contains("driftDetection.mode");
        assertThat(apply(release.replace("  chart:\n", "  chartRef: {kind: OCIRepository, name: stowage}\n  chart:\n"))
                        .code())
                .isNotZero();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("manifests")
    @DisplayName("the values in a manifest, and the files that it names, are values of the chart")
    void values(String name, String manifest) throws Exception {
        for (JsonNode object : Chart.parse(manifest)) {
            JsonNode helm = object.at("/spec/source/helm");
            for (JsonNode values : List.of(helm.path("valuesObject"), object.at("/spec/values"))) {
                if (values.isObject()) {
                    assertThat(Chart.with(values.toString()).configuration()).isNotEmpty();
                }
            }
            for (JsonNode file : helm.path("valueFiles")) {
                assertThat(Chart.FOLDER.resolve(file.asText())).exists();
            }
            if (object.at("/spec/valuesContent").isTextual()) {
                assertThat(Chart.with(object.at("/spec/valuesContent").asText()).configuration())
                        .isNotEmpty();
            }
        }
    }

    @Test
    @DisplayName(
            "what keeps the CRD says so to Helm and Flux, and to Argo CD; and is not there if the CRD need not stay")
    void keptCrd() {
        Map<String, String> keep = Map.of(
                "helm.sh/resource-policy", "keep",
                "argocd.argoproj.io/sync-options", "Prune=false");

        keep.forEach((annotation, value) -> {
            assertThat(annotations("").path(annotation).asText()).isEqualTo(value);
            assertThat(annotations("crds: {keep: false}").has(annotation)).isFalse();
        });
    }

    private static JsonNode annotations(String values) {
        return Chart.with(values).one("CustomResourceDefinition").at("/metadata/annotations");
    }

    private static String manifest(String name) throws IOException {
        return manifests()
                .map(Arguments::get)
                .filter(arguments -> arguments[0].equals(name))
                .map(arguments -> (String) arguments[1])
                .findFirst()
                .orElseThrow();
    }

    private static Program.Result apply(String manifest) throws Exception {
        Path file = Files.writeString(folder.resolve("manifest.yaml"), manifest);
        return Program.named("kubectl")
                .run(
                        "apply",
                        "--server-side",
                        "--dry-run=server",
                        "--validate=strict",
                        "--field-manager=page",
                        "--kubeconfig=" + kubeconfig,
                        "--filename=" + file);
    }
}
