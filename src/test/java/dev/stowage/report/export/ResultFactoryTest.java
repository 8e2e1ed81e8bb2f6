package dev.stowage.report.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.node.SchedulingRules;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.policy.Exemptions;
import dev.stowage.policy.Placement;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReportSpec;
import dev.stowage.report.api.ImageReportStatus.CheckedPlatform;
import dev.stowage.report.api.ImageReportStatusBuilder;
import dev.stowage.report.usage.ImageUsage;
import dev.stowage.report.usage.ImageUsage.ImageUser;
import dev.stowage.text.Glob;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.Workload;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ResultFactoryTest {

    private static final String IMAGE = "registry.example/shop/web:1";
    private static final CheckedPlatform RUNS = checked("linux/amd64", "Runs", "Runs", null);
    private static final CheckedPlatform MISSING =
            checked("linux/arm64", "DoesNotRun", "PlatformMissing", "contains linux/amd64 only");

    private final List<ImageUser> users = new ArrayList<>();
    private final Set<NodeProfile> nodes = new LinkedHashSet<>(
            Set.of(NodeProfile.of(Platform.parse("linux/amd64")), NodeProfile.of(Platform.parse("linux/arm64"))));
    private final ImageReport report = report(ImageReportSpec.of(IMAGE));
    private PolicyConfig policy = PolicyConfig.DEFAULT;

    private static ImageReport report(ImageReportSpec spec) {
        ImageReport report = new ImageReport();
        report.setMetadata(new ObjectMetaBuilder()
                .withName("web-1")
                .withNamespace("shop")
                .withUid("u-1")
                .build());
        report.setSpec(spec);
        return report;
    }

    private static CheckedPlatform checked(String platform, String verdict, String reason, String message) {
        return new CheckedPlatform(
                platform, NodeProfile.of(Platform.parse(platform)).runtimeLabel(), verdict, reason, message);
    }

    private ResultFactoryTest user(String kind, String name, String container, boolean neverPulled, boolean owned) {
        Workload pods = new Workload(
                kind,
                "shop",
                name,
                List.of(),
                SchedulingRules.NONE,
                List.of(),
                "default",
                Optional.empty(),
                !owned,
                owned,
                false);
        users.add(new ImageUser(
                kind, name, "apps/v1", "uid-" + name, container, ImageUse.Role.MAIN, neverPulled, false, pods));
        return this;
    }

    private ResultFactoryTest deployment(String name) {
        return user("Deployment", name, "app", false, false);
    }

    private List<ExportedResult> results(String verdict, String reason, String message, CheckedPlatform... checked) {
        return new ResultFactory(
                        policy,
                        (namespace, rules) -> nodes,
                        report,
                        ImageReportStatusBuilder.builder()
                                .verdict(verdict)
                                .reason(reason)
                                .message(message)
                                .digest("sha256:1")
                                .checkedPlatforms(List.of(checked))
                                .build())
                .results(new ImageUsage(users));
    }

    private static List<String> lines(List<ExportedResult> results) {
        return results.stream()
                .map(result -> result.outcome().label() + " " + result.subject().kind() + "/"
                        + result.subject().name() + " " + result.rule() + ": " + result.message())
                .toList();
    }

    @Test
    @DisplayName("one result for each workload and platform, the worst first")
    void byWorkloadAndPlatform() {
        deployment("web").deployment("api").user("Deployment", "web", "init", false, false);

        List<ExportedResult> results = results("Incompatible", "PlatformMissing", null, RUNS, MISSING);

        assertThat(lines(results))
                .containsExactly(
                        "fail Deployment/api linux/arm64: " + IMAGE
                                + " does not run on linux/arm64: contains linux/amd64 only",
                        "fail Deployment/web linux/arm64: " + IMAGE
                                + " does not run on linux/arm64: contains linux/amd64 only",
                        "pass Deployment/api linux/amd64: " + IMAGE + " runs on linux/amd64",
                        "pass Deployment/web linux/amd64: " + IMAGE + " runs on linux/amd64");
        assertThat(results.get(1).properties())
                .containsEntry("image", IMAGE)
                .containsEntry("containers", "app, init")
                .containsEntry("digest", "sha256:1")
                .containsEntry("reason", "PlatformMissing")
                .containsEntry("runtime", MISSING.runtime());
    }

    @Test
    @DisplayName("a workload has results for its own nodes only")
    void ownNodesOnly() {
        nodes.remove(NodeProfile.of(Platform.parse("linux/arm64")));

        assertThat(lines(deployment("web").results("Incompatible", "PlatformMissing", null, RUNS, MISSING)))
                .containsExactly("pass Deployment/web linux/amd64: " + IMAGE + " runs on linux/amd64");
    }

    @Test
    @DisplayName("platforms that the report names are all there, whatever the nodes")
    void givenPlatforms() {
        nodes.clear();
        report.setSpec(new ImageReportSpec(IMAGE, List.of("linux/amd64", "linux/arm64")));

        assertThat(deployment("web").results("Incompatible", "PlatformMissing", null, RUNS, MISSING))
                .extracting(ExportedResult::rule)
                .containsExactly("linux/arm64", "linux/amd64");
    }

    @Test
    @DisplayName("an image that nothing uses: the results are about the ImageReport")
    void unused() {
        assertThat(lines(results("Incompatible", "PlatformMissing", null, MISSING)))
                .containsExactly("fail ImageReport/web-1 linux/arm64: " + IMAGE
                        + " does not run on linux/arm64: contains linux/amd64 only");
    }

    @Test
    @DisplayName("where one node is enough, a platform that does not run it is a warning, unless none runs it")
    void oneNodeIsEnough() {
        policy = policy.withPlacement(Placement.ANY);
        deployment("web");

        assertThat(results("Incompatible", "PlatformMissing", null, RUNS, MISSING))
                .extracting(ExportedResult::outcome)
                .containsExactly(Outcome.WARN, Outcome.PASS);
        assertThat(results("Incompatible", "PlatformMissing", null, MISSING))
                .extracting(ExportedResult::outcome)
                .containsExactly(Outcome.FAIL);
    }

    @Test
    @DisplayName("what runs with a warning is a warning")
    void runsWithWarning() {
        assertThat(lines(deployment("web")
                        .results("Compatible", "Runs", null, checked("linux/amd64", "Runs", "Runs", "is emulated"))))
                .containsExactly("warn Deployment/web linux/amd64: " + IMAGE + " runs on linux/amd64: is emulated");
    }

    @Test
    @DisplayName("what could not be determined is an error; what is not pulled is skipped")
    void undetermined() {
        deployment("web");

        assertThat(lines(results(
                        "Unresolved",
                        "NotFound",
                        null,
                        checked("linux/amd64", "Undetermined", "NotFound", "does not exist"))))
                .containsExactly("error Deployment/web linux/amd64: " + IMAGE
                        + " could not be checked for linux/amd64: does not exist");
        assertThat(results(
                        "Unresolved",
                        "NoReference",
                        null,
                        checked("linux/amd64", "Undetermined", "NoReference", "is left open")))
                .extracting(ExportedResult::outcome)
                .containsExactly(Outcome.SKIP);
    }

    @Test
    @DisplayName("without nodes there is one result for the whole image")
    void withoutNodes() {
        deployment("web");

        assertThat(lines(results("Unresolved", "NoNodes", "no known node matches the pods that use this image")))
                .containsExactly("skip Deployment/web image: " + IMAGE
                        + " could not be checked: no known node matches the pods that use this image");
        assertThat(lines(results("Incompatible", "NotAnImage", "is a Helm chart")))
                .containsExactly("fail Deployment/web image: " + IMAGE + " runs on no node: is a Helm chart");
        assertThat(lines(results("Unresolved", "Timeout", "the registry did not answer")))
                .containsExactly(
                        "error Deployment/web image: " + IMAGE + " could not be checked: the registry did not answer");
        nodes.clear();
        assertThat(lines(results("Compatible", "Runs", null, RUNS)))
                .containsExactly(
                        "skip Deployment/web image: " + IMAGE + " is not checked: no known node matches the pods");
    }

    @Test
    @DisplayName("exempt images and images that are never pulled are skipped")
    void skipped() {
        user("Pod", "job", "app", true, false).deployment("web");

        assertThat(lines(results("Compatible", "Runs", null, RUNS)))
                .containsExactly(
                        "skip Pod/job image: " + IMAGE + " is not pulled, because imagePullPolicy is Never",
                        "pass Deployment/web linux/amd64: " + IMAGE + " runs on linux/amd64");
        policy = policy.withExemptions(new Exemptions(
                List.of(new Glob("registry.example/shop/*")), List.of(), List.of(), List.of(), List.of()));
        assertThat(lines(results("Incompatible", "PlatformMissing", null, RUNS, MISSING)))
                .containsExactly(
                        "skip Deployment/web image: " + IMAGE + " is exempt from the check",
                        "skip Pod/job image: " + IMAGE + " is exempt from the check");
    }

    @Test
    @DisplayName("several runtimes of a platform are one result, with the worst verdict")
    void worstRuntime() {
        NodeProfile other = new NodeProfile(Platform.parse("linux/amd64"), RuntimeFamily.named("cri-o"));
        nodes.add(other);
        CheckedPlatform crio = new CheckedPlatform(
                "linux/amd64", other.runtimeLabel(), "DoesNotRun", "NestedIndex", "rejects nested indexes");

        assertThat(lines(deployment("web").results("Incompatible", "NestedIndex", null, RUNS, crio)))
                .containsExactly("fail Deployment/web linux/amd64: " + IMAGE
                        + " does not run on linux/amd64: rejects nested indexes");
    }

    @Test
    @DisplayName("texts are bounded, whatever users and registries say")
    void bounded() {
        report.setSpec(ImageReportSpec.of("registry.example/" + "a".repeat(1_000)));
        Stream.iterate(0, i -> i < 100, i -> i + 1)
                .forEach(i -> user("Deployment", "web", "container-" + i, false, false));

        ExportedResult result = results(
                        "Incompatible",
                        "PlatformMissing",
                        null,
                        checked("linux/arm64", "DoesNotRun", "PlatformMissing", "m".repeat(512)))
                .get(0);

        assertThat(result.message()).hasSizeLessThanOrEqualTo(512).contains("does not run on linux/arm64");
        assertThat(result.properties().values())
                .allSatisfy(value -> assertThat(value).hasSizeLessThanOrEqualTo(256));
    }
}
