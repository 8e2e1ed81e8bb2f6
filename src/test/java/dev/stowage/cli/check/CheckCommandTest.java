package dev.stowage.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.cli.CommandRun;
import dev.stowage.cli.Manifests;
import dev.stowage.demo.SampleImages;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.Platform;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.testing.MemoryRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CheckCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final MemoryRegistry registry = new MemoryRegistry();

    @BeforeEach
    void images() {
        SampleImages images = new SampleImages(registry);
        Descriptor amd64 = images.image(Platform.of("linux", "amd64"));
        images.index("amd64", amd64, images.attestation(amd64));
        images.index("both", amd64, images.image(Platform.of("linux", "arm64")));
        registry.fail("down", RegistryFailure.Kind.UNAVAILABLE);
    }

    @Test
    void anImageThatRunsEverywhereEndsWithZero() {
        CommandRun.Result result = run("check", "r.example/app:both", "--platform", "linux/amd64,linux/arm64");

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("linux/amd64").contains("linux/arm64").doesNotContain("DoesNotRun");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void oneThatDoesNotRunSomewhereEndsWithOne() {
        CommandRun.Result result = run("check", "r.example/app:amd64", "r.example/app:down", "--platform=linux/arm64");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).contains("DoesNotRun", "PlatformMissing: contains linux/amd64 only");
    }

    @Test
    void whatItFailsForIsUpToTheCaller() {
        assertThat(run("check", "r.example/app:both", "r.example/app:down", "--fail-on=does-not-run")
                        .code())
                .isZero();
        assertThat(run("check", "r.example/app:amd64", "--platform=linux/arm64", "--fail-on", "does-not-run")
                        .code())
                .isEqualTo(1);
        assertThat(run("check", "r.example/app:down", "--fail-on", "undetermined")
                        .code())
                .isEqualTo(2);
    }

    @Test
    void oneThatCannotBeReadEndsWithTwo() {
        CommandRun.Result result = run("check", "r.example/app:both", "r.example/app:down");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).contains("Undetermined", "Unavailable: ");
    }

    @Test
    void withoutPlatformsTheTwoUsualOnesAreCheckedAndItSaysSo() {
        CommandRun.Result result = run("check", "r.example/app:both");

        assertThat(result.err())
                .isEqualToNormalizingNewlines("stowage: no platform given: checking for linux/amd64 and linux/arm64"
                        + " (--platform or --context choose others)\n");
    }

    @Test
    void jsonOfAPlainImageHasTheDocumentedFields() throws Exception {
        CommandRun.Result result = run("check", "r.example/app:amd64", "-o", "json", "--platform", "linux/arm64");

        assertThat(JSON.readTree(result.out())).isEqualTo(JSON.readTree("""
                [{"image": "r.example/app:amd64", "platform": "linux/arm64", "verdict": "DoesNotRun",
                  "reason": "PlatformMissing", "message": "contains linux/amd64 only", "source": null}]"""));
    }

    @Test
    void jsonOfAManifestNamesItsSource() throws Exception {
        CommandRun.Result result = CommandRun.with(registry)
                .input(Manifests.deployment("web", "r.example/app:both", ""))
                .run("check", "-f", "-", "-o", "json", "--platform", "linux/arm64");

        assertThat(JSON.readTree(result.out())).isEqualTo(JSON.readTree("""
                [{"image": "r.example/app:both", "platform": "linux/arm64", "verdict": "Runs", "reason": "Runs",
                  "message": "",
                  "source": {"kind": "Deployment", "name": "web", "namespace": "shop", "container": "app"}}]"""));
    }

    @Test
    void aPodsOwnSelectorDecidesWhichPlatformsAreAsked() throws Exception {
        CommandRun.Result result = CommandRun.with(registry)
                .input(Manifests.deployment("web", "r.example/app:amd64", "kubernetes.io/arch: amd64"))
                .run("check", "-f", "-", "-o", "json", "--platform", "linux/amd64,linux/arm64");

        assertThat(result.code()).isZero();
        assertThat(platforms(result)).containsExactly("linux/amd64");
    }

    @Test
    void labelsThatNothingIsKnownOfAreTakenAsFulfilled() throws Exception {
        CommandRun.Result result = CommandRun.with(registry)
                .input(Manifests.deployment("web", "r.example/app:amd64", "disktype: ssd"))
                .run("check", "-f", "-", "-o", "json", "--platform", "linux/arm64");

        assertThat(result.code()).isEqualTo(1);
        assertThat(platforms(result)).containsExactly("linux/arm64");
    }

    @Test
    void aWorkloadForNoneOfThePlatformsIsPassedOverAndItSaysSo() {
        CommandRun.Result result = CommandRun.with(registry)
                .input(Manifests.deployment("web", "r.example/app:amd64", "kubernetes.io/os: windows"))
                .run("check", "-f", "-", "--platform", "linux/arm64");

        assertThat(result.code()).isZero();
        assertThat(result.err())
                .contains("Deployment shop/web is not checked: its pods may run on none of the requested platforms");
    }

    @Test
    void theSameImageInManyPlacesIsAskedForOnce() throws Exception {
        List<String> pods = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            pods.add(Manifests.pod("pod" + i, "r.example/app:both"));
        }
        CommandRun.Result result = CommandRun.with(registry)
                .input(String.join("---\n", pods))
                .run("check", "-f", "-", "-o", "json", "--platform", "linux/amd64");

        assertThat(JSON.readTree(result.out())).hasSize(50);
        assertThat(registry.asked()).filteredOn("both"::equals).hasSize(1);
        assertThat(result.err()).contains("1 image, 50 checks: 50 run, 0 do not, 0 undetermined");
    }

    @Test
    void crioIsAskedForWithRuntime() throws Exception {
        SampleImages images = new SampleImages(registry);
        images.index("386", images.image(Platform.of("linux", "386")));

        assertThat(run("check", "r.example/app:386", "--platform=linux/amd64", "--runtime=containerd-1")
                        .code())
                .isZero();
        assertThat(run("check", "r.example/app:386", "--platform=linux/amd64", "--runtime=cri-o")
                        .code())
                .isEqualTo(1);
    }

    @Test
    void imagesThatAreNeverPulledAreLeftAlone() {
        CommandRun.Result result = CommandRun.with(registry)
                .input(Manifests.pod("p", "r.example/app:gone\n    imagePullPolicy: Never"))
                .run("check", "-f", "-", "--platform", "linux/amd64");

        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("Pod p: 1 image(s) with imagePullPolicy Never left alone");
    }

    @Test
    void twoCloselyNamedPlacesAreNamedBelowTheImage() {
        CommandRun.Result result = CommandRun.with(registry)
                .input(Manifests.deployment("web", "r.example/app:both", "") + "---\n"
                        + Manifests.pod("p", "r.example/app:both"))
                .run("check", "-f", "-", "--platform", "linux/amd64");

        assertThat(result.out()).isEqualToNormalizingNewlines("""
                IMAGE               PLATFORM     VERDICT  WHY
                r.example/app:both  linux/amd64  Runs
                    in Deployment shop/web (app), Pod p (app)
                """);
    }

    @Test
    void whatHelmTemplateWritesIsChecked() throws Exception {
        CommandRun.Result result = CommandRun.with(registry)
                .input(getClass().getResourceAsStream("helm-template.yaml"))
                .run("check", "-f", "-", "-o", "json", "--platform", "linux/amd64,linux/arm64");

        List<String> rows = new ArrayList<>();
        for (JsonNode check : JSON.readTree(result.out())) {
            rows.add(check.at("/source/kind").asText() + " "
                    + check.at("/source/container").asText() + " "
                    + check.get("platform").asText() + " "
                    + check.get("verdict").asText());
        }
        assertThat(rows)
                .containsExactly(
                        "Deployment migrate linux/amd64 Runs",
                        "Deployment migrate linux/arm64 DoesNotRun",
                        "Deployment shop linux/amd64 Runs",
                        "Deployment shop linux/arm64 DoesNotRun",
                        "Deployment proxy linux/amd64 Runs",
                        "Deployment proxy linux/arm64 Runs",
                        "CronJob tidy linux/amd64 Runs");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .isEqualToNormalizingNewlines("2 images, 7 checks: 5 run, 2 do not, 0 undetermined;"
                        + " 2 objects without pods passed over\n");
    }

    @Test
    void sarifPointsAtTheLineOfEachImage() throws Exception {
        String file =
                Path.of(getClass().getResource("helm-template.yaml").toURI()).toString();

        CommandRun.Result result =
                CommandRun.with(registry).run("check", "-f", file, "-o", "sarif", "--platform", "linux/arm64");

        JsonNode results = JSON.readTree(result.out()).at("/runs/0/results");
        List<Integer> lines = new ArrayList<>();
        for (JsonNode one : results) {
            assertThat(one.at("/locations/0/physicalLocation/artifactLocation/uri")
                            .asText())
                    .startsWith("file:///")
                    .endsWith("helm-template.yaml");
            lines.add(one.at("/locations/0/physicalLocation/region/startLine").asInt());
        }
        assertThat(lines).containsExactly(29, 32);
    }

    private static List<String> platforms(CommandRun.Result result) throws Exception {
        List<String> platforms = new ArrayList<>();
        for (JsonNode check : JSON.readTree(result.out())) {
            platforms.add(check.get("platform").asText());
        }
        return platforms;
    }

    private CommandRun.Result run(String... args) {
        return CommandRun.with(registry).run(args);
    }
}
