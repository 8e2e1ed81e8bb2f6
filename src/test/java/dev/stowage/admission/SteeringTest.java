package dev.stowage.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.Admissions.Answer;
import dev.stowage.node.Taint;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.Platform;
import dev.stowage.policy.Exemptions;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.steering.SteeringMode;
import dev.stowage.steering.SteeringPlan;
import dev.stowage.steering.SteeringSettings;
import dev.stowage.testing.Reviews;
import dev.stowage.text.Glob;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The mutating webhook's answers, and what the validating one says in a namespace whose pods are steered; with the real engine. */
class SteeringTest {

    private static final String WRONG = "registry.example/shop:amd64-only";
    private static final String ARM = "registry.example/shop:arm64-only";
    private static final String RIGHT = "registry.example/shop:both";
    private static final String DOWN = "registry.example/shop:down";

    private final Admissions admissions = new Admissions();

    @BeforeEach
    void imagesAndNodes() {
        Descriptor amd64 = admissions.images.image(Platform.of("linux", "amd64"));
        Descriptor arm64 = admissions.images.image(Platform.of("linux", "arm64"));
        admissions.images.index("amd64-only", amd64);
        admissions.images.index("arm64-only", arm64);
        admissions.images.index("both", amd64, arm64);
        admissions.registry.fail("down", RegistryFailure.Kind.UNAVAILABLE);
        admissions.cluster.node("amd", "linux/amd64").node("arm", "linux/arm64");
        mode(SteeringMode.REQUIRED);
    }

    @Test
    void aPodIsBoundToTheNodesThatRunItsImages() {
        Answer answer = admissions.steer(Reviews.create(Reviews.pod("app=" + WRONG)));

        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings()).isEmpty();
        assertThat(answer.response().path("patchType").asText()).isEqualTo("JSONPatch");
        assertThat(answer.patch().toString())
                .isEqualTo("[{\"op\":\"add\",\"path\":\"/spec/affinity\",\"value\":{\"nodeAffinity\":"
                        + "{\"requiredDuringSchedulingIgnoredDuringExecution\":{\"nodeSelectorTerms\":[{\"matchExpressions\":"
                        + "[{\"key\":\"kubernetes.io/arch\",\"operator\":\"In\",\"values\":[\"amd64\"]}]}]}}}},"
                        + "{\"op\":\"add\",\"path\":\"/metadata/annotations\",\"value\":"
                        + "{\"stowage.dev/steered\":\"linux/amd64\"}}]");
        assertThat(lastPlan().label()).isEqualTo("steered");
        assertThat(admissions.steered.get(0).patched()).isTrue();
        assertThat(admissions.outcomes).as("no admission is counted").isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"'app=" + RIGHT + "', unneeded", "'app=" + WRONG + ";db=" + ARM + "', nowhere"})
    void aPodThatRunsEverywhereOrNowhereStaysAsItIs(String containers, String label) {
        Answer answer = admissions.steer(Reviews.create(Reviews.pod(containers.split(";"))));

        assertThat(answer.review().toString())
                .doesNotContain("patch", "warnings")
                .contains("\"allowed\":true");
        assertThat(lastPlan().label()).isEqualTo(label);
    }

    @Test
    void anImageThatCannotBeReadLeavesThePodAndWarns() {
        Answer answer = admissions.steer(Reviews.create(Reviews.pod("app=" + WRONG, "b=" + DOWN)));

        assertThat(answer.patch()).isEmpty();
        assertThat(answer.warnings())
                .containsExactly("Stowage: the pod is not steered to nodes that run its images: image " + DOWN
                        + " could not be checked");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nodeName: amd",
                "nodeSelector: {kubernetes.io/arch: arm64}",
                "nodeSelector: {beta.kubernetes.io/arch: arm64}",
                "schedulingGates: [{name: x}]",
                "schedulerName: fargate-scheduler",
                "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields:"
                        + " [{key: metadata.name, operator: In, values: [amd]}]}]}}}"
            })
    void whatSomethingElsePlacesIsLeftAlone(String spec) {
        admissions.cluster.node("more", "linux/s390x");

        Answer answer = admissions.steer(Reviews.create(Reviews.pod("app=" + WRONG) + "  " + spec + "\n"));

        assertThat(answer.review().toString()).doesNotContain("patch", "warnings");
        assertThat(lastPlan().label()).isEqualTo("out_of_scope");
        assertThat(admissions.registry.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ownerReferences: [{apiVersion: apps/v1, kind: DaemonSet, name: d, uid: u, controller: true}]",
                "annotations: {kubernetes.io/config.mirror: x}"
            })
    void podsOfDaemonSetsAndMirrorPodsAreLeftAlone(String metadata) {
        String pod = Reviews.pod("app=" + WRONG).replace("name: web,", "name: web, " + metadata + ",");

        assertThat(admissions.steer(Reviews.create(pod)).patch()).isEmpty();
    }

    @Test
    void exemptImagesAndNamespacesAreLeftAlone() {
        admissions.policy = PolicyConfig.DEFAULT.withExemptions(new Exemptions(
                List.of(new Glob("*amd64-only")), List.of(), List.of(), List.of(), List.of(new Glob("free"))));

        assertThat(admissions.steer(Reviews.create(Reviews.pod("app=" + WRONG))).patch())
                .isEmpty();
        assertThat(admissions
                        .steer(Reviews.create(Reviews.pod("app=" + ARM)).namespace("free"))
                        .patch())
                .isEmpty();
        assertThat(admissions
                        .steer(Reviews.create(Reviews.pod("app=" + ARM, "b=" + WRONG)))
                        .patch())
                .as("by the images that are checked")
                .hasSize(2);
    }

    @ParameterizedTest(name = "{0}, label {1}: {2}")
    @CsvSource({
        "OFF, , false", "OFF, required, false", "OFF, off, false",
        "LABELED, , false", "LABELED, required, true", "LABELED, off, false",
        "REQUIRED, , true", "REQUIRED, required, true", "REQUIRED, off, false"
    })
    void theModeAndTheLabel(SteeringMode mode, String label, boolean on) {
        mode(mode);
        if (label != null) {
            admissions.cluster.steering("shop", label);
        }

        assertThat(admissions
                        .steer(Reviews.create(Reviews.pod("app=" + WRONG)))
                        .patch()
                        .isEmpty())
                .isNotEqualTo(on);
        assertThat(admissions
                        .answer(Reviews.create(Reviews.deployment("app=" + WRONG)))
                        .allowed())
                .isEqualTo(on);
    }

    @Test
    void anUnknownLabelWarnsOnceAndHasNoEffect() {
        admissions.cluster.steering("shop", "yes");
        String warning =
                "Stowage: namespace shop has the label stowage.dev/steering=\"yes\", which is not one of required,"
                        + " off; it has no effect";

        Answer mutating = admissions.steer(Reviews.create(Reviews.pod("app=" + WRONG)));

        assertThat(mutating.patch()).hasSize(2);
        assertThat(mutating.warnings()).containsExactly(warning);
        assertThat(admissions
                        .answer(Reviews.create(Reviews.pod("app=" + RIGHT)))
                        .warnings())
                .isEmpty();
        assertThat(admissions
                        .answer(Reviews.create(Reviews.deployment("app=" + RIGHT)))
                        .warnings())
                .containsExactly(warning);
    }

    @Test
    void inAMutedNamespaceNothingIsSteered() {
        admissions.cluster.mode("shop", "off");

        assertThat(admissions.steer(Reviews.create(Reviews.pod("app=" + WRONG))).patch())
                .isEmpty();
    }

    @Test
    void updatesAndOtherKindsAreLeftAlone() {
        String pod = Reviews.pod("app=" + WRONG);

        assertThat(admissions.steer(Reviews.update(pod, pod)).patch()).isEmpty();
        assertThat(admissions
                        .steer(Reviews.create(Reviews.deployment("app=" + WRONG)))
                        .patch())
                .isEmpty();
        assertThat(admissions.registry.asked()).isEmpty();
    }

    @Test
    void aTemplateIsHeldToOneNodeAndSaysWhereItsPodsWillNotRun() {
        Answer answer = admissions.answer(Reviews.create(Reviews.deployment("app=" + WRONG)));

        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings())
                .containsExactly(
                        "Stowage: Deployment web: pods will be kept off linux/arm64, where not all of their images"
                                + " run");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nodeSelector: {kubernetes.io/arch: arm64}", "nodeName: arm"})
    void aTemplateWhosePodsAreLeftAloneIsHeldToAllNodes(String spec) {
        assertThat(admissions
                        .answer(Reviews.create(Reviews.deployment("app=" + WRONG) + "      " + spec + "\n"))
                        .allowed())
                .isFalse();
    }

    @Test
    void aTemplateThatRunsNowhereAndADaemonSetAreDenied() {
        assertThat(admissions
                        .answer(Reviews.create(Reviews.deployment("app=" + WRONG, "b=" + ARM)))
                        .allowed())
                .isFalse();
        String daemonSet = Reviews.deployment("app=" + WRONG).replace("Deployment", "DaemonSet");
        assertThat(admissions.answer(Reviews.create(daemonSet)).allowed()).isFalse();
    }

    /** An update checks new images only; the pods have all of them. */
    @Test
    void anUpdateThatLeavesNoNodeForThePodsIsDenied() {
        String before = Reviews.deployment("app=" + WRONG, "b=" + RIGHT);

        assertThat(admissions
                        .answer(Reviews.update(before, Reviews.deployment("app=" + WRONG, "b=" + WRONG)))
                        .allowed())
                .isTrue();
        assertThat(admissions
                        .answer(Reviews.update(before, Reviews.deployment("app=" + WRONG, "b=" + ARM)))
                        .allowed())
                .isFalse();
    }

    @Test
    void aTaintedArchitectureIsReachedByTheConfiguredToleration() {
        admissions.cluster.without("arm").node("arm", "linux/arm64", new Taint("arch", "arm64", "NoSchedule"));
        admissions.steering = new SteeringSettings(
                SteeringMode.REQUIRED,
                List.of(),
                List.of(new SteeringSettings.PlatformToleration(
                        Platform.of("linux", "arm64"),
                        new dev.stowage.node.Toleration("arch", "Equal", "arm64", "NoSchedule"))));

        assertThat(admissions
                        .steer(Reviews.create(Reviews.pod("app=" + ARM)))
                        .patch()
                        .toString())
                .contains("\"path\":\"/spec/tolerations\"", "\"values\":[\"arm64\"]");
        assertThat(admissions
                        .answer(Reviews.create(Reviews.deployment("app=" + ARM)))
                        .allowed())
                .isTrue();
    }

    @Test
    void aControllersPodTellsItsOwner() {
        String pod = Reviews.pod("app=" + WRONG)
                .replace(
                        "name: web,",
                        "name: web, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, uid: u,"
                                + " controller: true}],");

        admissions.steer(Reviews.create(pod).user("system:serviceaccount:kube-system:replicaset-controller"));
        admissions.steer(Reviews.create(pod));

        assertThat(admissions.steered.get(0).owner().orElseThrow().name()).isEqualTo("web-1");
        assertThat(admissions.steered.get(1).owner())
                .as("anybody may write an owner")
                .isEmpty();
    }

    private SteeringPlan lastPlan() {
        return admissions.steered.get(admissions.steered.size() - 1).plan();
    }

    private void mode(SteeringMode mode) {
        admissions.steering = new SteeringSettings(mode, List.of(), List.of());
    }
}
