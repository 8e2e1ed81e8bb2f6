package dev.stowage.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.testing.FakeCluster;
import dev.stowage.testing.Reviews;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadChangeTest {

    private static final String BASE = "containers: [{name: app, image: a}, {name: log, image: b}]";

    private final FakeCluster cluster =
            new FakeCluster().node("amd", "linux/amd64").node("arm", "linux/arm64");

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing                        | {BASE}                                              | ",
                "an image                       | {containers: [{name: app, image: a2}, {name: log, image: b}]} | a2",
                "a container more               | {containers: [{name: app, image: a}, {name: log, image: b}, {name: x, image: c}]} | c",
                "a container less               | {containers: [{name: app, image: a}]}               | ",
                "containers in other order      | {containers: [{name: log, image: b}, {name: app, image: a}]} | ",
                "a renamed container            | {containers: [{name: web, image: a}, {name: log, image: b}]} | ",
                "an image mounted, not run      | {BASE, volumes: [{name: v, image: {reference: a}}]} | a",
                "pulled only if present         | {containers: [{name: app, image: a, imagePullPolicy: IfNotPresent}, {name: log, image: b}]} | ",
                "never pulled from now on       | {containers: [{name: app, image: a, imagePullPolicy: Never}, {name: log, image: b}]} | a",
                "a selector for another set     | {BASE, nodeSelector: {kubernetes.io/arch: arm64}}    | a b",
                "a selector for the same set    | {BASE, nodeSelector: {kubernetes.io/os: linux}}      | ",
                "a selector nothing fits        | {BASE, nodeSelector: {disk: ssd}}                    | a b",
                "a toleration that changes nothing | {BASE, tolerations: [{key: x, operator: Exists}]} | ",
                "a RuntimeClass                 | {BASE, runtimeClassName: wasm}                       | a b",
                "a pull secret                  | {BASE, imagePullSecrets: [{name: s}]}                | a b",
                "a service account              | {BASE, serviceAccountName: other}                    | a b",
                "defaults written out           | {BASE, serviceAccountName: default, serviceAccount: default, nodeName: ''} | "
            })
    void whatChangesIsJudged(String change, String after, String judged) {
        WorkloadChange update =
                new WorkloadChange(Optional.of(pod("{" + BASE + "}")), pod(after.replace("BASE", BASE)));

        assertThat(images(update.images(cluster.nodes()))).isEqualTo(judged == null ? "" : judged);
    }

    @Test
    void everythingOfWhatIsNewIsJudged() {
        assertThat(images(new WorkloadChange(Optional.empty(), pod("{" + BASE + "}")).images(cluster.nodes())))
                .isEqualTo("a b");
    }

    @Test
    void aPodThatIsBoundIsNotPlacedAnew() {
        Workload before = pod("{" + BASE + ", nodeName: arm}");
        Workload after = pod("{" + BASE + ", nodeName: arm, tolerations: [{operator: Exists}], nodeSelector: {a: b}}");

        assertThat(new WorkloadChange(Optional.of(before), after).images(cluster.nodes()))
                .isEmpty();
    }

    @Test
    void onlyEphemeralContainersComeThroughTheirSubresource() {
        Workload before = pod("{" + BASE + ", ephemeralContainers: [{name: d1, image: old}]}");
        Workload after = pod(
                "{containers: [{name: app, image: changed}], ephemeralContainers: [{name: d1, image: old}, {name: d2, image: new}, {name: d3, image: b}]}");

        assertThat(images(new WorkloadChange(Optional.of(before), after).ephemeralImages()))
                .isEqualTo("new");
    }

    private static String images(List<ImageUse> uses) {
        return String.join(" ", uses.stream().map(ImageUse::image).toList());
    }

    private static Workload pod(String spec) {
        return new WorkloadReader()
                .read(Reviews.yaml("{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: " + spec + "}"))
                .orElseThrow();
    }
}
