package dev.stowage.steering;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.Taint;
import dev.stowage.node.Toleration;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.steering.SteeringSettings.PlatformToleration;
import dev.stowage.steering.SteeringSettings.Preference;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The operations that pods get, to the letter. An image's name is the list of its platforms. */
class SteeringPatchTest {

    private static final String TERMS =
            "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";
    private static final String AMD64 = "{\"key\":\"kubernetes.io/arch\",\"operator\":\"In\",\"values\":[\"amd64\"]}";
    private static final String REQUIRED =
            "{\"requiredDuringSchedulingIgnoredDuringExecution\":{\"nodeSelectorTerms\":[{\"matchExpressions\":["
                    + AMD64 + "]}]}}";
    private static final String ANNOTATED = "add /metadata/annotations {\"stowage.dev/steered\":\"linux/amd64\"}";

    private final List<NodeFacts> nodes = new ArrayList<>(List.of(node("linux/amd64"), node("linux/arm64")));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                | add /spec/affinity {\"nodeAffinity\":%s}",
                "'affinity: null'                  | add /spec/affinity {\"nodeAffinity\":%s}",
                "'affinity: {}'                    | add /spec/affinity/nodeAffinity %s",
                "'affinity: {podAntiAffinity: {}}' | add /spec/affinity/nodeAffinity %s"
            })
    void oneTermWhereThereIsNone(String spec, String operation) {
        assertThat(patch("amd64", spec)).containsExactly(String.format(operation, REQUIRED), ANNOTATED);
    }

    @Test
    void everyTermIsNarrowedAndNoneIsAdded() {
        String spec = terms("{matchExpressions: [{key: disk, operator: Exists}]}, {},"
                + " {matchFields: [{key: metadata.name, operator: NotIn, values: [x]}]},"
                + " {matchExpressions: [{key: kubernetes.io/arch, operator: In, values: [amd64, arm64]}]},"
                + " {matchExpressions: [{key: kubernetes.io/arch, operator: In, values: [amd64]}]},"
                + " {matchExpressions: [{key: kubernetes.io/arch, operator: In, values: [arm64]}]}");

        assertThat(patch("amd64", spec))
                .containsExactly(
                        "add " + TERMS + "/0/matchExpressions/- " + AMD64,
                        "add " + TERMS + "/2/matchExpressions [" + AMD64 + "]",
                        "replace " + TERMS + "/3/matchExpressions/0/values [\"amd64\"]",
                        "add " + TERMS + "/5/matchExpressions/- " + AMD64,
                        ANNOTATED);
    }

    @Test
    void theArchitecturesAreThoseOfTheImagesAndNotOfTodaysNodes() {
        String patch = String.join("\n", patch("amd64+s390x+riscv64, amd64+riscv64+s390x+ppc64le", ""));

        assertThat(patch).contains("\"values\":[\"amd64\",\"riscv64\",\"s390x\"]");
    }

    @Test
    void variantsAboveTheBaselineAndOddNamesAreNotOffered() {
        assertThat(String.join("\n", patch("amd64+arm/v6+arm64/v9+UP-per", ""))).contains("\"values\":[\"amd64\"]");
    }

    @Test
    void anArmOf32BitsIsAnArchitectureOfItsOwn() {
        nodes.add(node("linux/arm/v7"));

        assertThat(String.join("\n", patch("arm", ""))).contains("\"values\":[\"arm\"]");
    }

    @Test
    void theOperatingSystemIsNamedWhereItMatters() {
        nodes.add(node("windows/amd64"));

        assertThat(String.join("\n", patch("amd64", "")))
                .contains(AMD64 + ",{\"key\":\"kubernetes.io/os\",\"operator\":\"In\",\"values\":[\"linux\"]}");
        assertThat(String.join("\n", patch("amd64+arm64", "")))
                .contains("[{\"key\":\"kubernetes.io/os\",\"operator\":\"In\",\"values\":[\"linux\"]}]")
                .doesNotContain("kubernetes.io/arch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd64+arm64", "s390x", "amd64, arm64"})
    void nothingWhereAllNodesRunThemOrNone(String images) {
        assertThat(patch(images, "")).isEmpty();
    }

    @Test
    void nodesOfOneArchitectureThatDifferAreNotGuessedAt() {
        nodes.add(node("crio", new NodeProfile(Platform.of("linux", "amd64"), RuntimeFamily.CRIO), List.of()));
        SteeredPods pods = pods(
                SteeringSettings.OFF,
                (image, profile) -> profile.runtime() == RuntimeFamily.CRIO ? missing() : runs(image, profile));

        assertThat(pods.plan(pod("amd64", "")))
                .isEqualTo(new SteeringPlan.Left(SteeringPlan.Cause.INDISTINGUISHABLE, "linux/amd64"));
    }

    @Test
    void anEmulatedPlatformCounts() {
        NodeProfile emulating = new NodeProfile(
                Platform.of("linux", "arm64"), RuntimeFamily.CRIO, List.of(Platform.of("linux", "amd64")));
        nodes.set(1, node("arm", emulating, List.of()));
        SteeredPods pods =
                pods(SteeringSettings.OFF, (image, profile) -> profile.equals(emulating) ? ok() : runs(image, profile));

        assertThat(pods.patch(pod("amd64", ""))).isEmpty();
    }

    @Test
    void anImageThatIsNotKnownLeavesThePodAsItIs() {
        SteeredPods pods = pods(
                SteeringSettings.OFF,
                (image, profile) -> new Verdict.Undetermined(Reason.UNAVAILABLE, "the registry is down"));

        assertThat(pods.plan(pod("amd64", "")))
                .isEqualTo(new SteeringPlan.Left(SteeringPlan.Cause.UNDETERMINED, "amd64"));
    }

    @Test
    void aTolerationIsAddedOnlyWhereEveryImageRuns() {
        Taint taint = new Taint("arch", "arm64", "NoSchedule");
        nodes.set(1, node("arm", NodeProfile.of(Platform.of("linux", "arm64")), List.of(taint)));
        SteeringSettings settings = new SteeringSettings(
                SteeringMode.REQUIRED,
                List.of(),
                List.of(new PlatformToleration(
                        Platform.of("linux", "arm64"), new Toleration("arch", "Equal", "arm64", "NoSchedule"))));
        String toleration = "{\"key\":\"arch\",\"operator\":\"Equal\",\"value\":\"arm64\",\"effect\":\"NoSchedule\"}";

        assertThat(operations(pods(settings, this::runs), pod("amd64", ""))).isEmpty();
        assertThat(operations(pods(settings, this::runs), pod("amd64+arm64", "")))
                .containsExactly(
                        "add /spec/tolerations [" + toleration + "]",
                        "add /metadata/annotations {\"stowage.dev/steered\":\"linux/amd64,linux/arm64\"}");
        assertThat(operations(pods(settings, this::runs), pod("arm64", "tolerations: [{key: x, operator: Exists}]\n")))
                .as("off amd64, and onto the tainted nodes")
                .contains("add /spec/tolerations/- " + toleration)
                .anyMatch(operation -> operation.contains("\"values\":[\"arm64\"]"));
        assertThat(operations(
                        pods(settings, this::runs),
                        pod("amd64+arm64", "tolerations: [{key: arch, operator: Exists}]\n")))
                .as("tolerated already")
                .isEmpty();
    }

    @Test
    void preferencesAreForPodsThatRunOnSeveralPlatforms() {
        SteeringSettings settings = new SteeringSettings(
                SteeringMode.REQUIRED, List.of(new Preference(Platform.of("linux", "arm64"), 50)), List.of());
        String term = "{\"weight\":50,\"preference\":{\"matchExpressions\":["
                + "{\"key\":\"kubernetes.io/arch\",\"operator\":\"In\",\"values\":[\"arm64\"]},"
                + "{\"key\":\"kubernetes.io/os\",\"operator\":\"In\",\"values\":[\"linux\"]}]}}";

        assertThat(operations(pods(settings, this::runs), pod("amd64+arm64", ""))
                        .get(0))
                .isEqualTo("add /spec/affinity {\"nodeAffinity\":{"
                        + "\"preferredDuringSchedulingIgnoredDuringExecution\":[" + term + "]}}");
        assertThat(operations(pods(settings, this::runs), pod("amd64", "")))
                .noneMatch(operation -> operation.contains("preferred"));
        assertThat(operations(pods(settings, this::runs), pod("amd64+arm64", preferring("disk")))
                        .get(0))
                .endsWith("/preferredDuringSchedulingIgnoredDuringExecution/- " + term);
        assertThat(operations(pods(settings, this::runs), pod("amd64+arm64", preferring("kubernetes.io/arch"))))
                .as("the pod prefers an architecture itself")
                .isEmpty();
    }

    @Test
    void theAnnotationGoesNextToOthersAndIsTrustedByNothing() {
        JsonNode pod = SteeredPods.pod("apiVersion: v1\nkind: Pod\nmetadata: {name: web, annotations: {a: b,"
                + " stowage.dev/steered: linux/arm64}}\nspec: {containers: [{name: c, image: amd64}]}\n");

        assertThat(operations(pods(SteeringSettings.OFF, this::runs), pod))
                .contains("add /metadata/annotations/stowage.dev~1steered \"linux/amd64\"")
                .hasSize(2);
    }

    private static String preferring(String key) {
        return "affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference:"
                + " {matchExpressions: [{key: " + key + ", operator: In, values: [x]}]}}]}}\n";
    }

    private static String terms(String terms) {
        return "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [" + terms
                + "]}}}\n";
    }

    private List<String> patch(String images, String spec) {
        SteeredPods pods = pods(SteeringSettings.OFF, this::runs);
        JsonNode pod = pod(images, spec);
        JsonNode steered = pods.steer(pod);
        assertThat(pods.patch(steered)).as("the second time").isEmpty();
        return operations(pods, pod);
    }

    private static List<String> operations(SteeredPods pods, JsonNode pod) {
        List<String> operations = new ArrayList<>();
        pods.patch(pod)
                .forEach(operation -> operations.add(operation.path("op").asText() + " "
                        + operation.path("path").asText() + " " + operation.path("value")));
        return operations;
    }

    private SteeredPods pods(
            SteeringSettings settings, java.util.function.BiFunction<String, NodeProfile, Verdict> verdicts) {
        return new SteeredPods(
                settings,
                nodes,
                verdicts,
                image -> new ImageContents(
                        Optional.empty(),
                        true,
                        Arrays.stream(image.split("\\+"))
                                .map(SteeringPatchTest::platform)
                                .toList(),
                        0,
                        Optional.empty()));
    }

    private Verdict runs(String image, NodeProfile profile) {
        return Arrays.stream(image.split("\\+"))
                        .map(SteeringPatchTest::platform)
                        .anyMatch(platform -> new NodeProfile(platform, profile.runtime())
                                .platform()
                                .equals(profile.platform()))
                ? ok()
                : missing();
    }

    private static Platform platform(String architecture) {
        int slash = architecture.indexOf('/');
        return slash < 0
                ? Platform.of("linux", architecture)
                : Platform.of("linux", architecture.substring(0, slash), architecture.substring(slash + 1));
    }

    private static Verdict ok() {
        return new Verdict.Runs(List.of());
    }

    private static Verdict missing() {
        return new Verdict.DoesNotRun(Reason.PLATFORM_MISSING, "lacks it");
    }

    private static JsonNode pod(String images, String spec) {
        StringBuilder containers = new StringBuilder();
        for (String image : images.split(", ")) {
            containers
                    .append("  - {name: c")
                    .append(containers.length())
                    .append(", image: \"")
                    .append(image)
                    .append("\"}\n");
        }
        return SteeredPods.pod("apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n" + containers
                + spec.indent(2));
    }

    private static NodeFacts node(String platform) {
        return node(platform.replace('/', '-'), NodeProfile.of(Platform.parse(platform)), List.of());
    }

    private static NodeFacts node(String name, NodeProfile profile, List<Taint> taints) {
        return new NodeFacts(
                name,
                false,
                Optional.of(profile),
                Map.of(
                        "kubernetes.io/os", profile.platform().os(),
                        "kubernetes.io/arch", profile.platform().architecture()),
                taints);
    }
}
