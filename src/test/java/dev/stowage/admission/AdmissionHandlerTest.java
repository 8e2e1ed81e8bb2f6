package dev.stowage.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.admission.Admissions.Answer;
import dev.stowage.demo.SampleImages;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.Platform;
import dev.stowage.policy.Action;
import dev.stowage.policy.Exemptions;
import dev.stowage.policy.Mode;
import dev.stowage.policy.Placement;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.testing.Reviews;
import dev.stowage.text.Glob;
import dev.stowage.verdict.Assessor.Verification;
import dev.stowage.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is decided about reviews of pods and of everything that makes them, with the real engine. */
class AdmissionHandlerTest {

    private static final String WRONG = "registry.example/shop:amd64-only";
    private static final String RIGHT = "registry.example/shop:both";
    private static final String GONE = "registry.example/shop:gone";
    private static final String DOWN = "registry.example/shop:down";

    private final Admissions admissions = new Admissions();

    @BeforeEach
    void imagesAndNodes() {
        Descriptor amd64 = admissions.images.image(Platform.of("linux", "amd64"));
        Descriptor arm64 = admissions.images.image(Platform.of("linux", "arm64"));
        admissions.images.index("amd64-only", amd64, admissions.images.attestation(amd64));
        admissions.images.index("both", amd64, arm64);
        admissions.registry.fail("down", RegistryFailure.Kind.UNAVAILABLE);
        admissions.cluster.node("amd", "linux/amd64").node("arm", "linux/arm64");
    }

    @Test
    void anImageForAllNodesIsAdmittedWithoutAWord() {
        Answer answer = admissions.answer(Reviews.create(Reviews.pod("app=" + RIGHT)));

        assertThat(answer.review())
                .hasToString("{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"response\":"
                        + "{\"uid\":\"705ab4f5-6393-11e8-b7cc-42010a800002\",\"allowed\":true}}");
        assertThat(admissions.lastOutcome().decision()).isEqualTo(Decision.ALLOWED);
        assertThat(admissions.registry.asked()).describedAs("one request").containsExactly("both");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"Pod", "Deployment"})
    void anImageThatAnEligibleNodeLacksIsDenied(String kind) {
        Answer answer = admissions.answer(Reviews.create(object(kind, "app=" + WRONG)));

        assertThat(answer.allowed()).isFalse();
        assertThat(answer.response().path("status").path("code").asInt()).isEqualTo(403);
        assertThat(answer.response().path("status").path("reason").asText()).isEqualTo("Forbidden");
        assertThat(answer.message())
                .startsWith("container \"app\": image " + WRONG + " cannot run on 1 of 2 eligible nodes");
        assertThat(admissions.lastOutcome().decision()).isEqualTo(Decision.DENIED);
        assertThat(admissions.lastOutcome().message()).isEqualTo(answer.message());
        assertThat(admissions.lastOutcome().policy()).hasSize(1);
    }

    @Test
    void theProposedNodeSelectorIsAdmitted() {
        String deployment = Reviews.deployment("app=" + WRONG);
        String message = admissions.answer(Reviews.create(deployment)).message();
        String proposal = message.substring(message.indexOf("nodeSelector: {"), message.indexOf('}') + 1);

        Answer answer = admissions.answer(Reviews.create(deployment + "      " + proposal + "\n"));

        assertThat(proposal).isEqualTo("nodeSelector: {kubernetes.io/arch: amd64}");
        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings()).isEmpty();
    }

    @Test
    void aCustomKindIsJudgedWhereItsPodSpecStands() {
        String rollout = Reviews.deployment("app=" + WRONG)
                .replace("apps/v1", "argoproj.io/v1alpha1")
                .replace("Deployment", "Rollout");

        assertThat(admissions.answer(Reviews.create(rollout)).allowed()).isFalse();
    }

    @Test
    void anImageOfAnotherVariantIsToBeBuiltForTheBaselineToo() {
        Descriptor image = admissions.images.image(Platform.of("linux", "arm64"));
        admissions.images.index("v9", SampleImages.claiming(image, Optional.of(Platform.of("linux", "arm64", "v9"))));

        assertThat(admissions
                        .answer(Reviews.create(Reviews.pod("app=registry.example/shop:v9")
                                + "  nodeSelector: {kubernetes.io/arch: arm64}\n"))
                        .message())
                .contains(
                        "fix: build it for linux/arm64 too: docker buildx build --platform linux/arm64/v9,linux/arm64");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"DELETE, ''", "CONNECT, exec", "CREATE, binding", "CREATE, eviction", "UPDATE, status", "UPDATE, scale"
    })
    void operationsThatBringNoImagesPassAtOnce(String operation, String subResource) {
        String pod = Reviews.pod("app=" + WRONG);
        Reviews review =
                switch (operation) {
                    case "CREATE" -> Reviews.create(pod);
                    case "UPDATE" -> Reviews.update(pod, pod);
                    default -> Reviews.other(operation, pod);
                };

        assertThat(admissions.answer(review.subResource(subResource)).allowed()).isTrue();
        assertThat(admissions.registry.asked()).isEmpty();
    }

    @Test
    void aMirrorPodRunsAlready() {
        String pod = Reviews.pod("app=" + WRONG)
                .replace("name: web,", "name: web, annotations: {kubernetes.io/config.mirror: x},");

        assertThat(admissions
                        .answer(Reviews.create(pod).user("system:node:arm", "system:nodes"))
                        .allowed())
                .isTrue();
        assertThat(admissions.answer(Reviews.create(pod)).allowed())
                .as("annotated by a user")
                .isFalse();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "system:serviceaccount:kube-system:replicaset-controller, apps/v1, true",
        "system:kube-controller-manager, apps/v1, true",
        "system:serviceaccount:argo-rollouts:argo-rollouts, apps/v1, true",
        "system:serviceaccount:shop:deployer, example.com/v1, false",
        "alice, example.com/v1, false",
        "system:serviceaccount:shop:deployer, apps/v1, false",
        "alice, apps/v1, false"
    })
    void aDrainReplacesAPodWhoseImageSuitsOneNode(String user, String ownerVersion, boolean allowed) {
        String owned = Reviews.pod("app=" + WRONG)
                .replace(
                        "name: web,",
                        "name: web, ownerReferences: [{apiVersion: " + ownerVersion
                                + ", kind: ReplicaSet, controller: true}],");

        assertThat(admissions.answer(Reviews.create(owned).user(user)).allowed())
                .isEqualTo(allowed);
    }

    @ParameterizedTest(name = "mode {0}")
    @CsvSource({
        "enforce, false, DENIED,  0, 0",
        "warn,    true,  WARNED,  1, 1",
        "audit,   true,  WARNED,  0, 2",
        "off,     true,  EXEMPT,  0, 1"
    })
    void modes(String mode, boolean allowed, Decision decision, int warnings, int annotations) {
        admissions.cluster.mode("shop", mode);

        Answer answer = admissions.answer(Reviews.create(Reviews.pod("app=" + WRONG)));

        assertThat(answer.allowed()).isEqualTo(allowed);
        assertThat(answer.warnings()).hasSize(warnings);
        assertThat(answer.response().path("auditAnnotations")).hasSize(annotations);
        assertThat(admissions.lastOutcome().decision()).isEqualTo(decision);
        assertThat(admissions.lastOutcome().mode()).contains(Mode.of(mode).orElseThrow());
    }

    @Test
    void aNamespaceWithoutLabelHasTheDefaultMode() {
        assertThat(admissions
                        .answer(Reviews.create(Reviews.pod("app=" + WRONG)))
                        .allowed())
                .isFalse();
        assertThat(admissions.lastOutcome().mode()).contains(Mode.ENFORCE);
    }

    @Test
    void aWrongModeIsNamedInAWarningAndTheDefaultApplies() {
        admissions.cluster.mode("shop", "enfroce\n");

        Answer answer = admissions.answer(Reviews.create(Reviews.pod("app=" + WRONG)));

        assertThat(answer.allowed()).isFalse();
        assertThat(answer.warnings())
                .containsExactly(
                        "Stowage: namespace shop has the label stowage.dev/mode=\"enfroce\\u000a\", which is not one of "
                                + "enforce, warn, audit, off; the default \"enforce\" applies");
    }

    @Test
    void withoutNodesPodsAreAdmittedWithAWarning() {
        admissions.cluster.without("amd").without("arm").nodeOfUnknownPlatform("strange");

        Answer answer = admissions.answer(Reviews.create(Reviews.pod("app=" + WRONG)));

        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings()).hasSize(1);
        assertThat(answer.warnings().get(0)).contains("no known node matches the pods of Pod web");
    }

    @Test
    void withoutNodesWhatIsNoImageIsDeniedAllTheSame() {
        admissions.cluster.without("amd").without("arm");
        admissions.images.chart("chart");

        assertThat(admissions
                        .answer(Reviews.create(Reviews.pod("app=registry.example/shop:chart")))
                        .allowed())
                .isFalse();
    }

    @Test
    void anArchitectureThatThePodPinsIsCheckedWithoutNodes() {
        admissions.cluster.without("amd").without("arm");
        String pinned = Reviews.pod("app=" + WRONG) + "  nodeSelector: {kubernetes.io/arch: arm64}\n";

        assertThat(admissions.answer(Reviews.create(pinned)).message())
                .contains("cannot run on linux/arm64, which its pod requires");
    }

    @Test
    void whatIsUndeterminedOrNotFoundIsAdmittedWithAWarningEach() {
        Answer answer = admissions.answer(Reviews.create(Reviews.pod("a=" + GONE, "b=" + DOWN)));

        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings()).hasSize(2);
        assertThat(answer.warnings().get(0)).contains(GONE, "does not exist (yet)");
        assertThat(answer.warnings().get(1)).contains(DOWN, "could not be checked");
    }

    @Test
    void whatIsUndeterminedIsDeniedWhereThatIsConfigured() {
        admissions.policy = policy(Mode.ENFORCE, Placement.ALL, Action.DENY, Exemptions.NONE);

        assertThat(admissions.answer(Reviews.create(Reviews.pod("b=" + DOWN))).message())
                .startsWith("container \"b\": image " + DOWN + " could not be checked: ");
    }

    @Test
    void theConfigurationIsReadAnewForEachRequest() {
        AdmissionHandler handler = admissions.handler();
        byte[] review = Reviews.create(Reviews.pod("app=" + WRONG)).bytes();
        handler.handle(review).join();
        admissions.policy = policy(Mode.ENFORCE, Placement.ANY, Action.WARN, Exemptions.NONE);

        handler.handle(review).join();

        assertThat(admissions.outcomes)
                .extracting(AdmissionEvent::decision)
                .containsExactly(Decision.DENIED, Decision.ALLOWED);
    }

    @Test
    void exemptRequestsAndImagesAreNotLookedAt() {
        admissions.policy = policy(
                Mode.ENFORCE,
                Placement.ALL,
                Action.WARN,
                new Exemptions(
                        List.of(new Glob("registry.example/shop:amd64-*")),
                        List.of(new Glob("root")),
                        List.of(),
                        List.of(),
                        List.of()));

        Answer byImage = admissions.answer(Reviews.create(Reviews.pod("app=" + WRONG)));
        Answer byUser =
                admissions.answer(Reviews.create(Reviews.pod("app=" + DOWN)).user("root"));

        assertThat(byImage.audit("exempt")).isEqualTo("image");
        assertThat(byUser.audit("exempt")).isEqualTo("user");
        assertThat(admissions.registry.asked()).isEmpty();
    }

    @Test
    void whatAdmissionAddsToPodsOfATemplateCounts() {
        admissions.cluster.templateDefaults(workload -> onArm(workload));

        assertThat(admissions
                        .answer(Reviews.create(Reviews.deployment("app=" + WRONG)))
                        .message())
                .contains("the only eligible node");
        assertThat(admissions
                        .answer(Reviews.create(Reviews.pod("app=" + WRONG)))
                        .message())
                .contains("1 of 2 eligible nodes");
    }

    @Test
    void afterAnAnswerThatBelievedAnIndexItsImagesAreVerified() {
        List<String> verified = new ArrayList<>();
        admissions.background =
                (workload, images, nodes, keyring) -> images.forEach(image -> verified.add(image.image()));

        admissions.answer(Reviews.create(Reviews.pod("app=" + RIGHT)));
        admissions.answer(Reviews.create(Reviews.pod("app=" + WRONG)));
        admissions.answer(Reviews.create(Reviews.pod("app=" + RIGHT)).dryRun());

        assertThat(verified).describedAs("neither what is denied nor a dry run").containsExactly(RIGHT);
        assertThat(admissions.lastOutcome().dryRun()).isTrue();
    }

    @Test
    void aFaultOfStowagesOwnLocksNobodyOut() {
        admissions.cluster.templateDefaults(workload -> {
            throw new IllegalStateException("broken");
        });

        Answer answer = admissions.answer(Reviews.create(Reviews.deployment("app=" + WRONG)));

        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings()).hasSize(1);
        assertThat(answer.warnings().get(0)).contains("was not checked").doesNotContain("broken");
        assertThat(admissions.lastOutcome().decision()).isEqualTo(Decision.FAILED);
    }

    @Test
    void aFaultOfStowagesOwnIsHandledInTheModeOfTheNamespace() {
        admissions.policy = policy(Mode.ENFORCE, Placement.ALL, Action.DENY, Exemptions.NONE);
        admissions.cluster.templateDefaults(workload -> {
            throw new IllegalStateException("broken");
        });
        Reviews review = Reviews.create(Reviews.deployment("app=" + WRONG));

        assertThat(admissions.answer(review).allowed()).isFalse();
        admissions.cluster.mode("shop", "warn");
        assertThat(admissions.answer(review).allowed()).isTrue();
        assertThat(admissions.lastOutcome().decision()).isEqualTo(Decision.FAILED);
    }

    @ParameterizedTest(name = "in the configured mode {0}")
    @CsvSource({"ENFORCE, 3, ''", "AUDIT, 1, 'Deployment web|container \"app\"'"})
    void warningsAboutNamespaceTemplateAndImagesComeInThisOrder(Mode mode, int warnings, String audited) {
        admissions.policy = policy(mode, Placement.ALL, Action.WARN, Exemptions.NONE);
        admissions.cluster.mode("shop", "enfroce").templateDefaults(new RefusedPods("its reason"));

        Answer answer = admissions.answer(Reviews.create(Reviews.deployment("app=" + GONE)));

        assertThat(answer.warnings()).hasSize(warnings);
        List<String> starts =
                List.of("Stowage: namespace shop", "Stowage: Deployment web", "Stowage: container \"app\"");
        for (int i = 0; i < warnings; i++) {
            assertThat(answer.warnings().get(i)).startsWith(starts.get(i));
        }
        String[] lines = audited.isEmpty() ? new String[] {""} : audited.split("\\|");
        assertThat(answer.audit("warnings").split("\n")).hasSameSizeAs(lines);
        for (int i = 0; i < lines.length; i++) {
            assertThat(answer.audit("warnings").split("\n")[i]).contains(lines[i]);
        }
        assertThat(admissions.lastOutcome().decision()).isEqualTo(Decision.WARNED);
    }

    @Test
    void warningsThatAreLeftOutAreCountedOnce() {
        admissions.cluster.mode("shop", "enfroce");
        String[] containers = IntStream.range(0, 12)
                .mapToObj(i -> "c" + i + "=registry.example/shop:gone-" + i)
                .toArray(String[]::new);

        Answer answer = admissions.answer(Reviews.create(Reviews.pod(containers)));

        assertThat(answer.warnings()).hasSize(10);
        assertThat(answer.warnings().get(9)).isEqualTo("Stowage: and 4 more warnings");
    }

    private static Workload onArm(Workload template) {
        return template.withScheduling(template.scheduling()
                .withNodeSelector(Map.of("kubernetes.io/arch", "arm64"))
                .withOs(Optional.empty()));
    }

    private static PolicyConfig policy(Mode mode, Placement placement, Action onUnresolved, Exemptions exemptions) {
        return new PolicyConfig(
                mode,
                placement,
                Placement.ANY,
                onUnresolved,
                Action.WARN,
                Action.WARN,
                Verification.INDEX,
                PolicyConfig.DEFAULT.admissionDeadline(),
                exemptions);
    }

    private static String object(String kind, String... containers) {
        return kind.equals("Pod") ? Reviews.pod(containers) : Reviews.deployment(containers);
    }
}
