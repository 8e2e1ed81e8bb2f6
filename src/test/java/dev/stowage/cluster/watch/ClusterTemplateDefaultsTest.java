package dev.stowage.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.cluster.watch.ClusterTemplateDefaults.RuntimeClassAnswer;
import dev.stowage.node.EligibleNodes;
import dev.stowage.node.EligibleNodes.Basis;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.SchedulingRules;
import dev.stowage.node.Taint;
import dev.stowage.node.Toleration;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.workload.Workload;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClassBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterTemplateDefaultsTest {

    private static final String ARCH = "kubernetes.io/arch";
    private static final List<NodeFacts> NODES = List.of(
            node("amd", "amd64"),
            node("arm", "arm64"),
            node("arm-edge", "arm64", new Taint("edge", "", "NoSchedule"), new Taint("far", "yes", "NoExecute")));

    private final Map<String, String> annotations = new HashMap<>();
    private final Map<String, RuntimeClassFacts> classes = new HashMap<>();
    private boolean classesKnown = true;
    private final ClusterTemplateDefaults defaults = new ClusterTemplateDefaults(
            namespace -> Optional.ofNullable(annotations.get(namespace)),
            name -> new RuntimeClassAnswer(classesKnown, Optional.ofNullable(classes.get(name))));

    @Test
    @DisplayName("the node selector of a RuntimeClass is merged into that of the template")
    void theSelectorOfARuntimeClassIsMerged() {
        classes.put("edge", new RuntimeClassFacts(Map.of(ARCH, "arm64"), List.of()));

        Workload pods = defaults.applyTo(template("edge", Map.of("kubernetes.io/os", "linux")));

        assertThat(pods.scheduling().nodeSelector()).isEqualTo(Map.of(ARCH, "arm64", "kubernetes.io/os", "linux"));
        assertThat(names(pods)).containsExactly("arm");
        assertThat(defaults.refusal(pods)).isEmpty();
    }

    @Test
    @DisplayName("the tolerations of a RuntimeClass are added to those of the template")
    void tolerations() {
        Toleration own = new Toleration("own", "Exists", "", "");
        classes.put(
                "edge",
                new RuntimeClassFacts(
                        Map.of(),
                        List.of(new Toleration("edge", "Exists", "", ""), new Toleration("far", "", "yes", ""))));
        Workload template = template("edge", Map.of());

        Workload pods =
                defaults.applyTo(template.withScheduling(template.scheduling().withTolerations(List.of(own))));

        assertThat(pods.scheduling().tolerations()).hasSize(3).contains(own);
        assertThat(names(pods)).containsExactly("amd", "arm", "arm-edge");
    }

    @Test
    @DisplayName("a DaemonSet's controller knows nothing of the tolerations of its RuntimeClass")
    void tolerationsOfADaemonSet() {
        classes.put(
                "edge", new RuntimeClassFacts(Map.of(ARCH, "arm64"), List.of(new Toleration("", "Exists", "", ""))));
        Workload template = template("edge", Map.of());

        Workload pods = defaults.applyTo(template.withScheduling(SchedulingRules.NONE.withDaemonSet(true)));

        assertThat(names(pods)).containsExactly("arm");
    }

    @ParameterizedTest(name = "annotation \"{0}\"")
    @CsvSource(
            delimiter = ';',
            value = {
                "kubernetes.io/arch=arm64; arm",
                "' kubernetes.io/arch = arm64 ,kubernetes.io/os=linux'; arm",
                "kubernetes.io/arch=amd64; amd",
                "''; amd arm"
            })
    void theAnnotationOfTheNamespaceIsMerged(String annotation, String expected) {
        annotations.put("shop", annotation);

        Workload pods = defaults.applyTo(template(null, Map.of()));

        assertThat(names(pods)).containsExactly(expected.split(" "));
        assertThat(defaults.refusal(pods)).isEmpty();
    }

    @Test
    @DisplayName("the annotation of another namespace is another's")
    void otherNamespaces() {
        annotations.put("other", "kubernetes.io/arch=arm64");
        Workload template = template(null, Map.of());

        assertThat(defaults.applyTo(template)).isSameAs(template);
    }

    @Test
    @DisplayName("a RuntimeClass that contradicts the template leaves its pods no node, and says why")
    void aContradictingRuntimeClassLeavesNoNode() {
        classes.put("edge", new RuntimeClassFacts(Map.of(ARCH, "arm64"), List.of()));
        Workload template = template("edge", Map.of(ARCH, "amd64"));

        EligibleNodes nodes = EligibleNodes.of(defaults.applyTo(template).scheduling(), NODES);

        assertThat(nodes.basis()).isEqualTo(Basis.NONE);
        assertThat(defaults.refusal(template))
                .contains("RuntimeClass \"edge\" selects nodes with kubernetes.io/arch=arm64, but the pods select"
                        + " kubernetes.io/arch=amd64");
        assertThat(defaults.refusal(defaults.applyTo(template)))
                .as("of what was added to already")
                .isEqualTo(defaults.refusal(template));
    }

    @Test
    @DisplayName("so does a namespace that contradicts the template, or its RuntimeClass")
    void contradictingNamespace() {
        annotations.put("shop", "kubernetes.io/arch=arm64");
        classes.put("amd", new RuntimeClassFacts(Map.of(ARCH, "amd64"), List.of()));

        assertThat(defaults.refusal(template(null, Map.of(ARCH, "amd64"))))
                .contains("the namespace selects nodes with kubernetes.io/arch=arm64, but the pods select"
                        + " kubernetes.io/arch=amd64");
        assertThat(defaults.refusal(template("amd", Map.of())))
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("RuntimeClass \"amd\" selects"));
        assertThat(names(defaults.applyTo(template("amd", Map.of())))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"arm64", "a=b=c", "=x", "a=b,", "a in (b)"})
    void anAnnotationThatIsNoSelectorStopsThePods(String annotation) {
        annotations.put("shop", annotation);

        assertThat(defaults.refusal(template(null, Map.of())))
                .contains("the namespace's annotation scheduler.alpha.kubernetes.io/node-selector is not a list of"
                        + " key=value: \"" + annotation + "\"");
        assertThat(names(defaults.applyTo(template(null, Map.of())))).isEmpty();
    }

    @Test
    void aRuntimeClassThatDoesNotExistIsSaidButMayStillCome() {
        Workload template = template("gone", Map.of());

        assertThat(defaults.refusal(template)).contains("RuntimeClass \"gone\" does not exist");
        assertThat(names(defaults.applyTo(template))).containsExactly("amd", "arm");
    }

    @Test
    void whereRuntimeClassesCannotBeReadNothingIsSaidOfThem() {
        classesKnown = false;
        Workload template = template("gone", Map.of());

        assertThat(defaults.refusal(template)).isEmpty();
        assertThat(defaults.applyTo(template)).isSameAs(template);
    }

    @Test
    void longWordsOfOthersAreShortened() {
        annotations.put("shop", "x".repeat(10_000));

        assertThat(defaults.refusal(template(null, Map.of())))
                .hasValueSatisfying(reason -> assertThat(reason).hasSizeLessThan(200));
    }

    @Test
    void ofARuntimeClassItsSchedulingCounts() {
        assertThat(RuntimeClassFacts.of(
                        new RuntimeClassBuilder().withHandler("runc").build()))
                .isEqualTo(new RuntimeClassFacts(Map.of(), List.of()));
        assertThat(RuntimeClassFacts.of(new RuntimeClassBuilder()
                        .withNewScheduling()
                        .addToNodeSelector("a", "b")
                        .addToTolerations(new TolerationBuilder()
                                .withKey("k")
                                .withOperator("Exists")
                                .withTolerationSeconds(3L)
                                .build())
                        .endScheduling()
                        .build()))
                .isEqualTo(new RuntimeClassFacts(Map.of("a", "b"), List.of(new Toleration("k", "Exists", "", ""))));
    }

    private static Workload template(String runtimeClass, Map<String, String> selector) {
        return Workload.withoutImages("Deployment", "shop", "web", false)
                .withScheduling(SchedulingRules.NONE.withNodeSelector(selector))
                .withRuntimeClass(Optional.ofNullable(runtimeClass));
    }

    private static List<String> names(Workload pods) {
        return EligibleNodes.of(pods.scheduling(), NODES).all().stream()
                .map(NodeFacts::name)
                .sorted()
                .toList();
    }

    private static NodeFacts node(String name, String architecture, Taint... taints) {
        return new NodeFacts(
                name,
                false,
                Optional.of(NodeProfile.of(Platform.of("linux", architecture))),
                Map.of(ARCH, architecture, "kubernetes.io/os", "linux"),
                List.of(taints));
    }
}
