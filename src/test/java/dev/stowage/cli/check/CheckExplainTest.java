package dev.stowage.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.cli.CommandRun;
import dev.stowage.cli.Manifests;
import dev.stowage.demo.SampleImages;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.Provisioner;
import dev.stowage.node.Taint;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.testing.MemoryRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code check --explain}: why each node counts or does not, and what it takes of each image. */
class CheckExplainTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Taint GPU = new Taint("dedicated", "gpu", "NoSchedule");

    private final MemoryRegistry registry = new MemoryRegistry();
    private final List<NodeFacts> nodes = new ArrayList<>();

    @BeforeEach
    void aClusterOfTwoArchitecturesAndItsImages() {
        SampleImages images = new SampleImages(registry);
        images.index("amd64", images.image(Platform.of("linux", "amd64")));
        images.index("both", images.image(Platform.of("linux", "amd64")), images.image(Platform.of("linux", "arm64")));
        images.image("plain", Platform.of("linux", "amd64"));
        registry.fail("down", RegistryFailure.Kind.UNAVAILABLE);
        node("amd-1", "linux/amd64", RuntimeFamily.CRIO);
        node("amd-2", "linux/amd64", RuntimeFamily.CRIO);
        node("arm-1", "linux/arm64", RuntimeFamily.CRIO);
        for (int i = 1; i <= 4; i++) {
            node("gpu-" + i, "linux/amd64", RuntimeFamily.CRIO, GPU);
        }
        nodes.add(new NodeFacts("new", false, Optional.empty(), Map.of(), List.of()));
    }

    @Test
    void aDenialIsExplainedByNodesPlacementAndEntries() {
        CommandRun.Result result = explain(Manifests.deployment("web", "r.example/app:amd64", ""));

        assertThat(result.code()).isEqualTo(1);
        assertThat(explanation(result)).isEqualTo("""
                Deployment shop/web
                  nodes: 3 of 8 nodes count
                    + 2 nodes (amd-1, amd-2): linux/amd64, cri-o
                    + 1 node (arm-1): linux/arm64, cri-o
                    - 1 node (new): does not report its platform
                    - 4 nodes (gpu-1, gpu-2, gpu-3 and 1 more): taint dedicated=gpu:NoSchedule is not tolerated
                  placement: all, as configured
                  image r.example/app:amd64 in app: denied
                    linux/amd64 with cri-o: Runs, takes the entry linux/amd64 (DIGEST)
                    linux/arm64 with cri-o: DoesNotRun (PlatformMissing): contains linux/amd64 only
                """);
    }

    @Test
    void thePageShowsWhatIsPrinted() throws Exception {
        CommandRun.Result result = explain(Manifests.deployment("web", "r.example/app:amd64", ""));

        assertThat(Files.readString(Path.of("docs/how-it-decides.md")))
                .contains("<!-- example: explain -->\n```text\n" + explanation(result) + "```\n");
    }

    @Test
    void inJsonTheSameIsInFields() throws Exception {
        CommandRun.Result result = explain(Manifests.deployment("web", "r.example/app:amd64", ""), "-o", "json");

        assertThat(JSON.readTree(result.out().replaceAll("sha256:[0-9a-f]{64}", "DIGEST")))
                .isEqualTo(JSON.readTree("""
                [{"image": "r.example/app:amd64", "platform": "linux/amd64", "verdict": "Runs", "reason": "Runs",
                  "message": "",
                  "source": {"kind": "Deployment", "name": "web", "namespace": "shop", "container": "app"},
                  "taken": [{"runtime": "cri-o", "verdict": "Runs", "digest": "DIGEST", "platform": "linux/amd64"}],
                  "action": "deny", "policy": null,
                  "explanation": EXPLANATION},
                 {"image": "r.example/app:amd64", "platform": "linux/arm64", "verdict": "DoesNotRun",
                  "reason": "PlatformMissing", "message": "contains linux/amd64 only",
                  "source": {"kind": "Deployment", "name": "web", "namespace": "shop", "container": "app"},
                  "taken": [{"runtime": "cri-o", "verdict": "DoesNotRun", "digest": null, "platform": null}],
                  "action": "deny", "policy": null,
                  "explanation": EXPLANATION}]""".replace("EXPLANATION", """
                {"placement": "all", "placementReason": "as configured", "basis": "nodes",
                 "summary": "3 of 8 nodes count", "problems": [],
                 "nodes": [
                   {"counts": "yes", "size": 2, "names": ["amd-1", "amd-2"], "rule": null,
                    "message": "linux/amd64, cri-o"},
                   {"counts": "yes", "size": 1, "names": ["arm-1"], "rule": null, "message": "linux/arm64, cri-o"},
                   {"counts": "no", "size": 1, "names": ["new"], "rule": "UnknownPlatform",
                    "message": "does not report its platform"},
                   {"counts": "no", "size": 4, "names": ["gpu-1", "gpu-2", "gpu-3"], "rule": "Taint",
                    "message": "taint dedicated=gpu:NoSchedule is not tolerated"}]}""")));
    }

    @Test
    void aWorkloadThatNoNodeIsEligibleForIsExplainedInBothForms() throws Exception {
        String manifest = Manifests.deployment("web", "r.example/app:amd64", "disk: ssd");

        assertThat(explanation(explain(manifest))).isEqualTo("""
                Deployment shop/web
                  nodes: none of 8 nodes counts, so the workload is not checked
                    - 1 node (new): does not report its platform
                    - 7 nodes (amd-1, amd-2, arm-1 and 4 more): has no label disk, which nodeSelector disk=ssd requires
                """);
        JsonNode only = JSON.readTree(explain(manifest, "-o", "json").out()).get(0);
        assertThat(only.get("verdict").isNull()).isTrue();
        assertThat(only.at("/source/name").asText()).isEqualTo("web");
        assertThat(only.at("/explanation/nodes/1/rule").asText()).isEqualTo("NodeSelector");
    }

    @Test
    void thousandsOfNodesAreAFewLines() {
        for (int i = 0; i < 5_000; i++) {
            nodes.add(new NodeFacts(
                    "worker-" + i,
                    false,
                    Optional.of(NodeProfile.of(Platform.of("linux", "amd64"))),
                    Map.of("kubernetes.io/hostname", "worker-" + i),
                    List.of()));
        }

        CommandRun.Result result =
                explain(Manifests.deployment("web", "r.example/app:amd64", "kubernetes.io/hostname: worker-7"));

        assertThat(result.code()).isZero();
        assertThat(explanation(result).lines()).hasSizeLessThan(16);
        assertThat(explanation(result))
                .contains("  nodes: 1 of 5008 nodes counts\n")
                .contains(
                        " nodes (worker-2, worker-3, worker-4 and 4994 more): excluded by the same rule, for other values\n");
    }

    @Test
    void thePlacementSaysWhyItApplies() {
        String daemonSet = """
                apiVersion: apps/v1
                kind: DaemonSet
                metadata: {name: agent}
                spec:
                  template:
                    spec: {containers: [{name: app, image: "r.example/app:both"}]}
                """;
        String gated =
                Manifests.pod("gated", "r.example/app:both") + "  schedulingGates: [{name: example.com/later}]\n";
        String owned = Manifests.pod("owned", "r.example/app:both")
                .replace(
                        "  name: owned\n",
                        "  name: owned\n  ownerReferences:\n  - {apiVersion: apps/v1, kind: ReplicaSet,"
                                + " name: web, uid: u, controller: true}\n");

        assertThat(explain(daemonSet).out())
                .contains("  placement: all, a DaemonSet has a pod on every eligible node\n");
        assertThat(explain(gated).out())
                .contains("  placement: any, scheduling gates, resource claims or a queue decide later");
        assertThat(explain(owned).out())
                .contains("  placement: any, its owner was checked, so ownedPodPlacement applies\n");
    }

    @Test
    void theActionNamesTheKeyThatDecides() throws Exception {
        assertThat(explain(Manifests.pod("p", "r.example/app:down")).out())
                .contains("  image r.example/app:down in app: admitted with a warning (onUnresolved)\n");
        JsonNode missing = JSON.readTree(
                explain(Manifests.pod("p", "r.example/app:gone"), "-o", "json").out());
        assertThat(missing.at("/0/action").asText()).isEqualTo("warn");
        assertThat(missing.at("/0/policy").asText()).isEqualTo("onNotFound");
    }

    @Test
    void runtimesThatTakeTheSameAreNamedTogether() {
        node("old-1", "linux/arm64", RuntimeFamily.named("containerd-1"));

        assertThat(explanation(explain(Manifests.pod("p", "r.example/app:both"))))
                .contains("    linux/arm64 with cri-o, "
                        + RuntimeFamily.named("containerd-1").label()
                        + ": Runs, takes the entry linux/arm64 (DIGEST)\n");
    }

    @Test
    void platformsThatAreNotThoseOfNodesNameTheirSource() {
        String fargate = Manifests.pod("p", "r.example/app:both") + "  schedulerName: fargate-scheduler\n";
        String pinned = Manifests.pod("p", "r.example/app:both") + "  nodeSelector: {kubernetes.io/arch: s390x}\n";

        assertThat(explanation(explain(fargate)))
                .contains("  nodes: none of 8 nodes counts\n")
                .contains("    + linux/amd64, containerd-2.3, where fargate-scheduler runs pods\n")
                .doesNotContain("    - ");
        assertThat(explanation(explain(pinned)))
                .contains("    + linux/s390x, containerd-2.3, which its pod requires; no node has it\n");
    }

    @Test
    void poolsWhoseProvisionerMayChooseOthersCountPerhaps() {
        nodes.add(new NodeFacts(
                "default",
                true,
                Optional.of(NodeProfile.of(Platform.of("linux", "arm64"))),
                Map.of(),
                List.of(),
                Set.of(),
                Optional.of(new Provisioner(Map.of(), true)),
                List.of()));

        assertThat(explanation(explain(Manifests.deployment("web", "r.example/app:amd64", ""))))
                .contains(
                        "    ? 1 node pool (default): linux/arm64, containerd-2.3; its provisioner may add others, so the"
                                + " webhook only warns\n");
    }

    @Test
    void whatDependsOnThePullModeNamesTheEntryTheEmulatorAndTheKey() {
        SampleImages images = new SampleImages(registry);
        images.index("386", images.image(Platform.of("linux", "386")));
        nodes.clear();
        nodes.add(new NodeFacts(
                        "new-1",
                        false,
                        Optional.of(new NodeProfile(
                                Platform.of("linux", "amd64"),
                                RuntimeFamily.CONTAINERD_2_1_ANY_MODE,
                                List.of(Platform.of("linux", "arm64")))),
                        Map.of(),
                        List.of())
                .withProblems(
                        List.of("has the label stowage.dev/runtime=\"podman\", which names no container runtime")));

        assertThat(explanation(explain(Manifests.pod("p", "r.example/app:386"))))
                .contains(
                        "    ! node new-1 has the label stowage.dev/runtime=\"podman\", which names no container runtime\n")
                .contains(
                        "    + 1 node (new-1): linux/amd64, containerd-2.1, unknown pull mode, emulates linux/arm64\n")
                .contains("  image r.example/app:386 in app: admitted with a warning (onUncertain)\n")
                .containsPattern(
                        "Undetermined, tries the entry linux/386\\s+\\(DIGEST\\) \\(NodeDependent\\): runs only in the");
    }

    @Test
    void anImageOfACustomResourceSaysThatItsNodesAreNotKnown() {
        String prometheus = """
                apiVersion: monitoring.coreos.com/v1
                kind: Prometheus
                metadata: {name: main}
                spec: {image: "r.example/app:amd64"}
                """;

        assertThat(explanation(explain(prometheus)))
                .startsWith("Prometheus main\n")
                .contains("  placement: any, where its pods may run is not known\n")
                .contains("  image r.example/app:amd64 in spec.image\n");
    }

    @Test
    void anImageOnTheCommandLineIsExplainedForAllNodes() {
        CommandRun.Result result =
                CommandRun.with(registry).run("check", "r.example/app:plain", "--platform=linux/amd64", "-v");

        assertThat(explanation(result))
                .isEqualTo("""
                r.example/app:plain
                  nodes: 1 of 1 platform counts
                    + 1 platform (linux/amd64): linux/amd64, %1$s
                  linux/amd64 with %1$s: Runs, takes the manifest DIGEST
                """.formatted(RuntimeFamily.named("containerd").label()));
    }

    @Test
    void formsForMachinesOfOthersHaveNoExplanation() {
        CommandRun.Result result = explain(Manifests.pod("p", "r.example/app:both"), "-o", "sarif");

        assertThat(result.code()).isEqualTo(64);
        assertThat(result.err()).contains("--explain needs -o table or -o json");
    }

    private void node(String name, String platform, RuntimeFamily runtime, Taint... taints) {
        Platform parsed = Platform.parse(platform);
        nodes.add(new NodeFacts(
                name,
                false,
                Optional.of(new NodeProfile(parsed, runtime)),
                Map.of("kubernetes.io/os", parsed.os(), "kubernetes.io/arch", parsed.architecture()),
                List.of(taints)));
    }

    private CommandRun.Result explain(String manifest, String... more) {
        List<String> arguments = new ArrayList<>(List.of("check", "-f", "-", "--explain"));
        arguments.addAll(List.of(more));
        return CommandRun.with(registry, nodes).input(manifest).run(arguments.toArray(String[]::new));
    }

    /** What is below the table, without digests. */
    private static String explanation(CommandRun.Result result) {
        String out = result.out().replace(System.lineSeparator(), "\n");
        String explanation = out.substring(out.startsWith("\n") ? 1 : out.indexOf("\n\n") + 2);
        assertThat(explanation.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
        return explanation.replaceAll("sha256:[0-9a-f]+…?", "DIGEST");
    }
}
