package dev.stowage.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.Admissions.Answer;
import dev.stowage.node.NodeFacts;
import dev.stowage.node.Provisioner;
import dev.stowage.node.Taint;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.policy.Placement;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.testing.Reviews;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clusters as people have them: GPUs, start-up taints, Arm nodes of clouds, Fargate, queues, operators, autoscalers. */
class WhichNodesTest {

    private static final String AMD64 = "registry.example/shop/app:amd64-only";
    private static final String ARM64 = "registry.example/shop/app:arm64-only";
    private static final Taint ARM_TAINT = new Taint("kubernetes.io/arch", "arm64", "NoSchedule");
    private static final String OPERATOR = "system:serviceaccount:tekton-pipelines:controller";

    private final Admissions admissions = new Admissions();

    @BeforeEach
    void images() {
        Descriptor amd64 = admissions.images.image(Platform.of("linux", "amd64"));
        Descriptor arm64 = admissions.images.image(Platform.of("linux", "arm64"));
        admissions.images.index("amd64-only", amd64);
        admissions.images.index("arm64-only", arm64);
        admissions.images.index("both", amd64, arm64);
        admissions.images.index("windows-only", admissions.images.image(Platform.of("windows", "amd64")));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "containers:\n- {name: app, image: IMAGE, resources: {limits: {nvidia.com/gpu: 1}}}",
                "containers:\n- {name: app, image: IMAGE, resources: {requests: {nvidia.com/gpu: '2'}}}",
                "initContainers:\n- {name: app, image: IMAGE, resources: {limits: {nvidia.com/gpu: 1}}}",
                "containers:\n- {name: app, image: IMAGE, resources: {limits: {nvidia.com/gpu: 1, cpu: 500m, example.com/x: 0}}}"
            })
    void podsThatRequestAnExtendedResourceAreHeldToTheNodesThatHaveIt(String containers) {
        admissions
                .cluster
                .node("arm", "linux/arm64")
                .withResources("amd.com/gpu")
                .node("gpu", "linux/amd64")
                .withResources("nvidia.com/gpu");

        assertThat(admitted("Pod", containers.replace("IMAGE", AMD64))).isTrue();
        assertThat(admitted("Job", containers.replace("IMAGE", AMD64))).isTrue();
        assertThat(admitted("Pod", containers.replace("IMAGE", ARM64))).isFalse();
    }

    @Test
    void withoutAnyNodeThatHasTheResourceNothingIsKnown() {
        admissions.cluster.node("arm", "linux/arm64");

        Answer answer = admissions.answer(Reviews.create(object(
                "Pod", "containers:\n- {name: app, image: '" + AMD64 + "', resources: {limits: {amd.com/gpu: 1}}}")));

        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings()).singleElement().asString().contains("no known node matches");
    }

    @Test
    void aTaintNamedLikeTheResourceIsToleratedByTemplatesThatRequestIt() {
        admissions
                .cluster
                .node("gpu", "linux/amd64", new Taint("nvidia.com/gpu", "present", "NoSchedule"))
                .withResources("nvidia.com/gpu");
        String gpu = "containers:\n- {name: app, image: '" + ARM64 + "', resources: {limits: {nvidia.com/gpu: 1}}}";

        assertThat(admitted("Deployment", gpu)).isFalse();
        // its pods have the toleration already if the API server adds it
        assertThat(admitted("Pod", gpu)).isTrue();
        assertThat(admitted("DaemonSet", gpu)).isTrue();
    }

    @Test
    void kubernetesOwnResourcesExcludeNoNode() {
        admissions.cluster.node("arm", "linux/arm64");

        assertThat(admitted(
                        "Pod",
                        "containers:\n- {name: app, image: '" + AMD64
                                + "', resources: {limits: {cpu: 1, hugepages-2Mi: 4Mi, x.kubernetes.io/y: 1}}}"))
                .isFalse();
    }

    @Test
    void anImageForTaintedArmNodesIsDeniedWithASelectorThatWorks() {
        admissions.cluster.node("amd", "linux/amd64").node("arm", "linux/arm64", ARM_TAINT);

        String message = admissions
                .answer(Reviews.create(Reviews.deployment("app=" + ARM64)))
                .message();

        assertThat(message)
                .contains(
                        "or: add nodeSelector: {kubernetes.io/arch: arm64} and tolerations: [{key: kubernetes.io/arch, value:"
                                + " \"arm64\", effect: NoSchedule}] to the pod template's spec (1 node runs all its images)");
        assertThat(admitted("Deployment", "nodeSelector: {kubernetes.io/arch: arm64}\n" + app(ARM64)))
                .isTrue();
        assertThat(admitted("Deployment", "nodeSelector: {kubernetes.io/arch: arm64}\n" + app(AMD64)))
                .isFalse();
    }

    @Test
    void googleAddsTheTolerationItself() {
        NodeFacts arm = new NodeFacts(
                "arm",
                false,
                Optional.of(NodeProfile.of(Platform.of("linux", "arm64"))),
                Map.of("kubernetes.io/arch", "arm64", "cloud.google.com/gke-nodepool", "arm"),
                List.of(ARM_TAINT));
        admissions.cluster.node("amd", "linux/amd64").add(arm);

        assertThat(admissions
                        .answer(Reviews.create(Reviews.pod("app=" + ARM64)))
                        .message())
                .contains("or: add nodeSelector: {kubernetes.io/arch: arm64} to the pod's spec");
    }

    @Test
    void aProposalNamesTheTolerationsThatItNeeds() {
        admissions
                .cluster
                .node("amd", "linux/amd64")
                .node("cp", "linux/arm64", new Taint("node-role.kubernetes.io/control-plane", "", "NoSchedule"))
                .pool("batch", "linux/arm64", new Taint("batch", "", "NoExecute"));
        String deployment = Reviews.deployment("app=" + ARM64);

        String message = admissions.answer(Reviews.create(deployment)).message();

        assertThat(message)
                .contains(
                        "add nodeSelector: {kubernetes.io/arch: arm64} and tolerations: [{key: batch, operator: Exists, effect:"
                                + " NoExecute}] to the");
        String fixed = "nodeSelector: {kubernetes.io/arch: arm64}\n"
                + "tolerations: [{key: batch, operator: Exists, effect: NoExecute}]\n" + app(ARM64);
        assertThat(admitted("Deployment", fixed)).isTrue();
    }

    @Test
    void controlPlanesAreNotProposed() {
        admissions
                .cluster
                .node("amd", "linux/amd64")
                .node("cp", "linux/arm64", new Taint("node-role.kubernetes.io/control-plane", "", "NoSchedule"));

        assertThat(admissions
                        .answer(Reviews.create(Reviews.pod("app=" + ARM64)))
                        .message())
                .doesNotContain("nodeSelector");
    }

    @Test
    void fargateRunsPodsOnAmd64Only() {
        admissions.cluster.node("graviton", "linux/arm64");

        assertThat(admitted("Pod", "schedulerName: fargate-scheduler\n" + app(AMD64)))
                .isTrue();
        assertThat(admitted("Pod", "schedulerName: default-scheduler\n" + app(AMD64)))
                .isFalse();
        assertThat(admissions
                        .answer(Reviews.create(object("Pod", "schedulerName: fargate-scheduler\n" + app(ARM64))))
                        .message())
                .contains("cannot run on linux/amd64, where fargate-scheduler runs pods");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "linux/amd64,               true,  false",
        "linux/arm64,               false, true",
        "'linux/amd64, linux/arm64', false, false"
    })
    void aNamespaceStatesThePlatformsOfItsPods(String platforms, boolean amd64, boolean arm64) {
        admissions.cluster.node("graviton", "linux/arm64").platforms("shop", platforms);

        for (String kind : List.of("Pod", "Deployment")) {
            assertThat(admitted(kind, app(AMD64))).isEqualTo(amd64);
            assertThat(admitted(kind, app(ARM64))).isEqualTo(arm64);
        }
    }

    @Test
    void messagesNameTheAnnotation() {
        admissions.cluster.node("graviton", "linux/arm64").platforms("shop", "linux/amd64");

        assertThat(admissions.answer(Reviews.create(object("Pod", app(ARM64)))).message())
                .contains(
                        "cannot run on linux/amd64, where the namespace's pods run by its annotation stowage.dev/platforms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "linux/amd64;linux/arm64", "", "linux/amd64,"})
    void anAnnotationThatIsNotAListOfPlatformsHasNoEffectButAWarning(String platforms) {
        admissions.cluster.node("graviton", "linux/arm64").platforms("shop", platforms);

        Answer answer = admissions.answer(Reviews.create(object("Pod", app(ARM64))));

        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings())
                .singleElement()
                .asString()
                .contains(
                        "namespace shop has the annotation stowage.dev/platforms=\"" + platforms + "\", which is not");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Pod        |                                    | 'schedulingGates: [{name: example.com/gate}]'",
                "Deployment |                                    | 'schedulingGates: [{name: example.com/gate}]'",
                "Pod        |                                    | 'resourceClaims: [{name: gpu, resourceClaimName: gpu}]'",
                "DaemonSet  |                                    | 'resourceClaims: [{name: gpu, resourceClaimName: gpu}]'",
                "SuspendedJob | 'labels: {kueue.x-k8s.io/queue-name: q}' | 'hostNetwork: false'",
                "Deployment | 'labels: {kueue.x-k8s.io/queue-name: q}' | 'hostNetwork: false'"
            })
    void whereAPodIsPlacedLaterOneNodeIsEnough(String kind, String metadata, String spec) {
        admissions.cluster.node("amd", "linux/amd64").node("arm", "linux/arm64");
        String object = object(kind, spec + "\n" + app(AMD64));
        String queued = metadata == null ? object : object.replace("name: web", "name: web, " + metadata);

        assertThat(admissions.answer(Reviews.create(queued)).allowed()).isTrue();
        assertThat(admissions
                        .answer(Reviews.create(queued.replace("amd64-only", "windows-only")))
                        .allowed())
                .as("no node runs it")
                .isFalse();
        assertThat(admissions.answer(Reviews.create(object(kind, app(AMD64)))).allowed())
                .isFalse();
    }

    @Test
    void aQueuedJobThatRunsAlreadyIsHeldToAllNodes() {
        admissions.cluster.node("amd", "linux/amd64").node("arm", "linux/arm64");
        String job =
                object("Job", app(AMD64)).replace("name: web", "name: web, labels: {kueue.x-k8s.io/queue-name: q}");

        assertThat(admissions.answer(Reviews.create(job)).allowed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "system:serviceaccount:kubevirt:operator"})
    void aDaemonSetHasToRunOnEveryNode(String user) {
        admissions.cluster.node("amd", "linux/amd64").node("arm", "linux/arm64");
        admissions.policy = PolicyConfig.DEFAULT.withPlacement(Placement.ANY);
        String daemons = object("DaemonSet", app(AMD64))
                .replace(
                        "name: web",
                        "name: web, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: o, uid: u, controller: true}]");

        assertThat(admissions.answer(Reviews.create(daemons).user(user)).allowed())
                .isFalse();
        assertThat(admitted("Deployment", app(AMD64))).isTrue();
    }

    @ParameterizedTest(name = "a {0} of a {1}")
    @CsvSource({
        "StatefulSet, postgresql.cnpg.io/v1, Cluster",
        "Deployment, serving.knative.dev/v1, Revision",
        "Job, keda.sh/v1alpha1, ScaledJob"
    })
    void whatAnOperatorMakesIsHeldToThePlacement(String kind, String ownerVersion, String owner) {
        admissions.cluster.node("amd", "linux/amd64").node("arm", "linux/arm64");

        assertThat(admissions
                        .answer(Reviews.create(owned(kind, ownerVersion, owner)).user(OPERATOR))
                        .allowed())
                .isFalse();
    }

    @ParameterizedTest(name = "{0} by {3}")
    @CsvSource({
        "TaskRun, tekton.dev/v1, " + OPERATOR + ", true",
        "SparkApplication, sparkoperator.k8s.io/v1beta2, system:serviceaccount:spark:operator, true",
        "TaskRun, tekton.dev/v1, alice, false",
        "Invented, example.com/v1, system:serviceaccount:shop:default, false"
    })
    void aBarePodOfAnOwnerThatIsNotCheckedNeedsOneNode(String owner, String version, String user, boolean allowed) {
        admissions.cluster.node("amd", "linux/amd64").node("arm", "linux/arm64");

        assertThat(admissions
                        .answer(Reviews.create(owned("Pod", version, owner)).user(user))
                        .allowed())
                .isEqualTo(allowed);
        if (allowed) {
            assertThat(admissions
                            .lastOutcome()
                            .policy()
                            .get(0)
                            .failingOnSomeNodes()
                            .values())
                    .singleElement()
                    .satisfies(verdicts -> assertThat(verdicts.keySet())
                            .containsExactly(NodeProfile.of(Platform.of("linux", "arm64"))));
        }
    }

    @Test
    void aPoolWhoseProvisionerMayAddAnyArchitectureCausesAWarning() {
        admissions
                .cluster
                .node("amd", "linux/amd64")
                .add(karpenter("linux/amd64", true))
                .add(karpenter("linux/arm64", true));

        Answer answer = admissions.answer(Reviews.create(object("Deployment", app(AMD64))));

        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings())
                .singleElement()
                .asString()
                .contains("may not run everywhere: node pool default may add linux/arm64 nodes: ");
        assertThat(admissions
                        .answer(Reviews.create(object("Deployment", app("registry.example/shop/app:both"))))
                        .warnings())
                .isEmpty();
    }

    @Test
    void aPoolThatNamesAnotherArchitectureCounts() {
        admissions.cluster.node("amd", "linux/amd64").add(karpenter("linux/arm64", false));

        assertThat(admissions
                        .answer(Reviews.create(object("Deployment", app(AMD64))))
                        .message())
                .contains("nodes: node pool default (linux/arm64)");
        // m5 has no Arm processor, but that is not known
        assertThat(admitted("Deployment", "nodeSelector: {node.kubernetes.io/instance-type: m5.large}\n" + app(AMD64)))
                .isTrue();
        assertThat(admitted("Deployment", "nodeSelector: {topology.kubernetes.io/zone: a}\n" + app(AMD64)))
                .isFalse();
        assertThat(admitted("Deployment", "nodeSelector: {team: shop}\n" + app(AMD64)))
                .as("the pool does not have the label")
                .isTrue();
    }

    private static NodeFacts karpenter(String platform, boolean anyArchitecture) {
        return new NodeFacts(
                "default",
                true,
                Optional.of(NodeProfile.of(Platform.parse(platform))),
                Map.of(),
                List.of(),
                Set.of(),
                Optional.of(new Provisioner(Map.of(), anyArchitecture)),
                List.of());
    }

    private static String app(String image) {
        return "containers:\n- {name: app, image: '" + image + "'}";
    }

    private static String owned(String kind, String version, String owner) {
        return object(kind, app(AMD64))
                .replace(
                        "name: web",
                        "name: web, ownerReferences: [{apiVersion: " + version + ", kind: " + owner
                                + ", name: o, uid: u, controller: true}]");
    }

    private boolean admitted(String kind, String spec) {
        return admissions.answer(Reviews.create(object(kind, spec))).allowed();
    }

    private static String object(String kind, String spec) {
        boolean suspended = kind.equals("SuspendedJob");
        String shown = suspended ? "Job" : kind;
        String version = kind.equals("Pod") ? "v1" : shown.equals("Job") ? "batch/v1" : "apps/v1";
        String head =
                "apiVersion: " + version + "\nkind: " + shown + "\nmetadata: {name: web, namespace: shop}\nspec:\n";
        return kind.equals("Pod")
                ? head + spec.indent(2)
                : head + (suspended ? "  suspend: true\n" : "") + "  template:\n    spec:\n" + spec.indent(6);
    }
}
