package dev.stowage.steering;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.Taint;
import dev.stowage.node.Toleration;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.steering.SteeringPlan.Left;
import dev.stowage.steering.SteeringPlan.Steered;
import dev.stowage.steering.SteeringSettings.PlatformToleration;
import dev.stowage.steering.SteeringSettings.Preference;
import dev.stowage.verdict.ImageContents;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every steered pod, whatever its rules, its images and the nodes are. */
class SteeringPropertyTest {

    private static final List<NodeProfile> PROFILES = List.of(
            NodeProfile.of(Platform.of("linux", "amd64")),
            NodeProfile.of(Platform.of("linux", "arm64")),
            new NodeProfile(Platform.of("linux", "arm64"), RuntimeFamily.CRIO),
            NodeProfile.of(Platform.of("linux", "s390x")),
            NodeProfile.of(Platform.of("windows", "amd64")),
            NodeProfile.of(Platform.of("windows", "arm64")));

    private static final Taint ARCHITECTURE = new Taint("kubernetes.io/arch", "arm64", "NoSchedule");

    private static final Toleration ARM = new Toleration("arm", "Exists", "", "NoSchedule");

    /** Which profiles run an image, and which it offers. */
    record Image(Set<Integer> runsOn, Set<Integer> offers) {}

    @Property(tries = 3000)
    void aSteeredPodIsAcceptedByExactlyTheEligibleNodesThatRunAllItsImages(
            @ForAll("images") List<Image> images,
            @ForAll("nodes") List<NodeFacts> nodes,
            @ForAll("specs") String spec,
            @ForAll boolean tolerations,
            @ForAll boolean preferences) {
        SteeredPods pods = pods(images, nodes, settings(tolerations, preferences));
        JsonNode pod = pod(images.size(), spec);
        SteeringPlan plan = pods.plan(pod);

        JsonNode steered = pods.steer(pod);

        if (plan instanceof Steered narrowed) {
            Set<NodeFacts> expected = narrowed.nodes().all().stream()
                    .filter(node -> runsAll(images, node.profile().orElseThrow()))
                    .collect(Collectors.toSet());
            Set<NodeFacts> accepted = new HashSet<>(pods.eligible(steered).all());
            assertThat(accepted).isNotEmpty().containsAll(expected).allSatisfy(node -> {
                assertThat(runsAll(images, node.profile().orElseThrow())).isTrue();
                // GKE adds the toleration to pods that name the architecture
                assertThat(expected.contains(node) || node.taints().contains(ARCHITECTURE))
                        .isTrue();
            });
            assertThat(pods.eligible(pod).all().stream()
                            .filter(node -> runsAll(images, node.profile().orElseThrow()))
                            .toList())
                    .as("no node that ran the pod before is lost")
                    .allSatisfy(node -> assertThat(expected).contains(node));
        } else {
            assertThat(steered).isEqualTo(pod);
        }
    }

    @Property(tries = 2000)
    void aPodIsLeftOnlyWhereNothingCanBeDone(
            @ForAll("images") List<Image> images,
            @ForAll("nodes") List<NodeFacts> nodes,
            @ForAll("specs") String spec) {
        SteeredPods pods = pods(images, nodes, settings(false, false));
        JsonNode pod = pod(images.size(), spec);
        EligibleNodes eligible = pods.eligible(pod);
        long good = eligible.all().stream()
                .filter(node -> runsAll(images, node.profile().orElseThrow()))
                .count();

        SteeringPlan plan = pods.plan(pod);

        if (plan instanceof Left left) {
            switch (left.cause()) {
                case NO_NODES -> assertThat(eligible.all()).isEmpty();
                case NOWHERE -> assertThat(good).isZero();
                case UNNEEDED -> assertThat(good).isEqualTo(eligible.count());
                case INDISTINGUISHABLE -> assertThat(good).isBetween(1L, (long) eligible.count() - 1);
                default -> throw new AssertionError(left);
            }
        } else {
            // a pod that is bound to an architecture without nodes is kept off it, too
            boolean bound = spec.contains("operator: In, values: [amd64, arm64]") || spec.contains("[s390x]");
            assertThat(good).isBetween(1L, (long) eligible.count() - (bound ? 0 : 1));
        }
    }

    /** A term that names an architecture without nodes cannot be narrowed without letting in a node that GKE taints. */
    @Example
    void aPodThatAllItsNodesRunIsLeftWithoutAWarning() {
        SteeredPods pods = pods(
                List.of(new Image(Set.of(0, 2), Set.of(0))),
                List.of(node(0, List.of()), node(1, List.of(ARCHITECTURE)), node(2, List.of())),
                settings(false, false));
        String spec =
                "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields:"
                        + " [{key: metadata.name, operator: NotIn, values: [abcd]}]}, {matchExpressions: [{key:"
                        + " kubernetes.io/arch, operator: In, values: [s390x]}]}]}}}\n";

        assertThat(pods.plan(pod(1, spec))).isEqualTo(Left.because(SteeringPlan.Cause.UNNEEDED));
    }

    private static NodeFacts node(int profile, List<Taint> taints) {
        Platform platform = PROFILES.get(profile).platform();
        return new NodeFacts(
                "node-" + profile,
                false,
                Optional.of(PROFILES.get(profile)),
                Map.of("kubernetes.io/os", platform.os(), "kubernetes.io/arch", platform.architecture()),
                taints);
    }

    @Property(tries = 2000)
    void theSecondPatchIsEmptyAndASidecarOnlyNarrows(
            @ForAll("images") List<Image> images,
            @ForAll("nodes") List<NodeFacts> nodes,
            @ForAll("specs") String spec,
            @ForAll boolean tolerations,
            @ForAll boolean preferences) {
        SteeredPods pods = pods(images, nodes, settings(tolerations, preferences));
        int first = Math.max(1, images.size() - 1);
        JsonNode before = pods.steer(pod(first, spec));
        assertThat(pods.patch(before)).as("the same pod again").isEmpty();

        JsonNode injected = before.deepCopy();
        ((ObjectNode) injected.path("spec"))
                .set("containers", pod(images.size(), "").path("spec").path("containers"));
        JsonNode after = pods.steer(injected);

        assertThat(pods.patch(after)).as("the pod with its sidecar again").isEmpty();
        // but for GKE, which adds the toleration to pods that name the architecture
        assertThat(pods.eligible(before).all())
                .containsAll(pods.eligible(after).all().stream()
                        .filter(node -> !node.taints().contains(ARCHITECTURE))
                        .toList());
        if (!spec.contains("required")) {
            assertThat(keys(after)).as("no expression twice").doesNotHaveDuplicates();
        }
    }

    /** The expressions that steering adds to a pod without rules of its own. */
    private static List<String> keys(JsonNode pod) {
        JsonNode terms =
                pod.at("/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms");
        return terms.path(0).path("matchExpressions").findValuesAsText("key");
    }

    private static SteeringSettings settings(boolean tolerations, boolean preferences) {
        return new SteeringSettings(
                SteeringMode.REQUIRED,
                preferences ? List.of(new Preference(Platform.of("linux", "arm64"), 10)) : List.of(),
                tolerations ? List.of(new PlatformToleration(Platform.of("linux", "arm64"), ARM)) : List.of());
    }

    private static SteeredPods pods(List<Image> images, List<NodeFacts> nodes, SteeringSettings settings) {
        return new SteeredPods(
                settings,
                nodes,
                (image, profile) -> images.get(number(image)).runsOn().contains(PROFILES.indexOf(profile))
                        ? new Verdict.Runs(List.of())
                        : new Verdict.DoesNotRun(Reason.PLATFORM_MISSING, "lacks it"),
                image -> new ImageContents(
                        Optional.empty(),
                        true,
                        images.get(number(image)).offers().stream()
                                .map(index -> PROFILES.get(index).platform())
                                .toList(),
                        0,
                        Optional.empty()));
    }

    private static boolean runsAll(List<Image> images, NodeProfile profile) {
        return images.stream().allMatch(image -> image.runsOn().contains(PROFILES.indexOf(profile)));
    }

    private static int number(String image) {
        return Integer.parseInt(image.substring(image.indexOf(':') + 1));
    }

    private static JsonNode pod(int images, String spec) {
        String containers = IntStream.range(0, images)
                .mapToObj(number -> "{name: c" + number + ", image: \"app:" + number + "\"}")
                .collect(Collectors.joining(", "));
        return SteeredPods.pod(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n  containers: [" + containers
                        + "]\n" + spec.indent(2));
    }

    @Provide
    Arbitrary<List<Image>> images() {
        Arbitrary<Set<Integer>> profiles =
                Arbitraries.integers().between(0, PROFILES.size() - 1).set();
        return Combinators.combine(profiles.filter(set -> !set.isEmpty()), profiles)
                .as(Image::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    /** As kubelets label them. */
    @Provide
    Arbitrary<List<NodeFacts>> nodes() {
        Arbitrary<List<Taint>> taints = Arbitraries.of(
                        new Taint("arm", "", "NoSchedule"), ARCHITECTURE, new Taint("x", "y", "NoExecute"))
                .list()
                .ofMaxSize(1);
        return Combinators.combine(
                        Arbitraries.strings().alpha().ofLength(4),
                        Arbitraries.of(true, false),
                        Arbitraries.of(PROFILES),
                        Arbitraries.of("ssd", "hdd"),
                        taints)
                .as((name, pool, profile, disk, tainted) -> new NodeFacts(
                        name,
                        pool,
                        Optional.of(profile),
                        Map.of(
                                "kubernetes.io/os", profile.platform().os(),
                                "kubernetes.io/arch", profile.platform().architecture(),
                                "disk", disk),
                        profile.platform().architecture().equals("arm64")
                                ? tainted
                                : tainted.stream()
                                        .filter(taint -> !taint.equals(ARCHITECTURE))
                                        .toList()))
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    @Provide
    Arbitrary<String> specs() {
        Arbitrary<String> expression = Arbitraries.of(
                "{key: disk, operator: In, values: [ssd]}",
                "{key: disk, operator: Exists}",
                "{key: kubernetes.io/arch, operator: In, values: [amd64, arm64]}",
                "{key: kubernetes.io/arch, operator: In, values: [s390x]}",
                "{key: kubernetes.io/arch, operator: NotIn, values: [arm64]}",
                "{key: kubernetes.io/os, operator: In, values: [linux]}");
        Arbitrary<String> term = Arbitraries.oneOf(
                Arbitraries.of("{}", "{matchFields: [{key: metadata.name, operator: NotIn, values: [abcd]}]}"),
                expression
                        .list()
                        .ofMinSize(1)
                        .ofMaxSize(2)
                        .map(all -> "{matchExpressions: [" + String.join(", ", all) + "]}"));
        Arbitrary<String> required = term.list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(all ->
                        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: ["
                                + String.join(", ", all) + "]}}}\n");
        Arbitrary<String> affinity = Arbitraries.oneOf(
                required,
                Arbitraries.of(
                        "",
                        "affinity: {}\n",
                        "affinity: null\n",
                        "affinity: {podAntiAffinity: {}}\n",
                        "affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference:"
                                + " {matchExpressions: [{key: disk, operator: In, values: [ssd]}]}}]}}\n"));
        return Combinators.combine(
                        affinity,
                        Arbitraries.of(
                                "",
                                "tolerations: [{operator: Exists}]\n",
                                "tolerations: [{key: arm, operator: Exists}]\n"),
                        Arbitraries.of("", "nodeSelector: {disk: ssd}\n", "os: {name: linux}\n"))
                .as((a, b, c) -> a + b + c);
    }
}
