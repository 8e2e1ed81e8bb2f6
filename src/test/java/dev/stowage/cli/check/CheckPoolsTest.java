package dev.stowage.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.cli.CommandRun;
import dev.stowage.cli.Manifests;
import dev.stowage.demo.SampleImages;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.Taint;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.testing.MemoryRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code check} for the node pools that the configuration declares. */
class CheckPoolsTest {

    private static final String IMAGE = "r.example/app:amd64";
    private static final List<NodeFacts> POOLS = List.of(
            pool("general", "linux/amd64", Map.of("disk", "ssd")),
            pool("spot", "linux/arm64", Map.of(), new Taint("spot", "", "NoSchedule")));

    private final MemoryRegistry registry = new MemoryRegistry();

    @BeforeEach
    void anImageForAmd64() {
        SampleImages images = new SampleImages(registry);
        images.index("amd64", images.image(Platform.of("linux", "amd64")));
    }

    @Test
    void withoutPlatformTheyAreCheckedForAndItIsSaid() {
        CommandRun.Result result = CommandRun.with(registry, POOLS).run("check", IMAGE, "-o", "json");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).contains("linux/amd64").contains("linux/arm64");
        assertThat(result.err())
                .contains("no platform given: checking for the configuration's node pools general (linux/amd64),"
                        + " spot (linux/arm64) (--platform or --context choose others)");
    }

    @Test
    void theirTaintsAndLabelsCountAsTheWebhookTakesThem() {
        assertThat(check(Manifests.pod("p", IMAGE)).code())
                .as("the taint of the arm64 pool bars it")
                .isZero();
        assertThat(check(Manifests.pod("p", IMAGE) + "  tolerations: [{operator: Exists}]\n")
                        .code())
                .as("a pod that tolerates it may land there")
                .isEqualTo(1);
        assertThat(check(Manifests.pod("p", IMAGE)
                                + "  tolerations: [{operator: Exists}]\n  nodeSelector: {disk: ssd}\n")
                        .code())
                .as("a label that only the amd64 pool has")
                .isZero();
    }

    @Test
    void aPodThatFitsNoneIsNamedAndNotChecked() {
        CommandRun.Result result = check(Manifests.pod("p", IMAGE) + "  nodeSelector: {disk: tape}\n");

        assertThat(result.code()).isZero();
        assertThat(result.err())
                .contains("Pod p is not checked: its pods may run on none of the configuration's node pools");
    }

    @Test
    void platformsThatAreNamedTakeTheirPlace() {
        CommandRun.Result result = CommandRun.with(registry, POOLS).run("check", IMAGE, "--platform=linux/amd64");

        assertThat(result.code()).isZero();
        assertThat(result.err()).doesNotContain("pool");
    }

    private CommandRun.Result check(String manifest) {
        return CommandRun.with(registry, POOLS).input(manifest).run("check", "-f", "-");
    }

    private static NodeFacts pool(String name, String platform, Map<String, String> labels, Taint... taints) {
        return new NodeFacts(
                name, true, Optional.of(NodeProfile.of(Platform.parse(platform))), labels, List.of(taints));
    }
}
