package dev.stowage.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.admission.Admissions.Answer;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.Platform;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.testing.Reviews;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reviews of updates: which images count as new. */
class AdmissionUpdateTest {

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

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "scale              | replicas: 1       | replicas: 3",
                "label              | name: web,        | 'name: web, labels: {a: b},'",
                "finalizer          | name: web,        | 'name: web, finalizers: [x],'",
                "owner reference    | name: web,        | 'name: web, ownerReferences: [{kind: X, controller: true}],'",
                "deletion           | name: web,        | 'name: web, deletionTimestamp: \"2026-01-01T00:00:00Z\",'",
                "defaulting         | containers:       | 'serviceAccountName: default\n      containers:'",
                "status             | 'spec:\n  replicas' | 'status: {replicas: 1}\nspec:\n  replicas'"
            })
    void updatesOfAnOldWrongWorkloadPass(String change, String before, String after) {
        String old = Reviews.deployment("app=" + WRONG);
        String now = old.replaceFirst(before, after);
        assertThat(now).isNotEqualTo(old);

        Answer answer = admissions.answer(Reviews.update(old, now));

        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings()).isEmpty();
        assertThat(admissions.registry.asked()).isEmpty();
        assertThat(admissions.lastOutcome().decision()).isEqualTo(Decision.IGNORED);
    }

    @Test
    void anImageThatIsChangedIsJudgedAndTheOthersAreNot() {
        Answer answer = admissions.answer(Reviews.update(
                Reviews.deployment("old=" + WRONG, "app=" + RIGHT), Reviews.deployment("old=" + WRONG, "app=" + GONE)));

        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings()).hasSize(1);
        assertThat(answer.warnings().get(0)).contains("container \"app\"", GONE, "does not exist");
        assertThat(admissions.registry.asked()).containsExactly("gone");
    }

    @Test
    void aWrongImageThatComesByAnUpdateIsDenied() {
        Answer answer = admissions.answer(Reviews.update(Reviews.pod("app=" + RIGHT), Reviews.pod("app=" + WRONG)));

        assertThat(answer.allowed()).isFalse();
    }

    @Test
    void aProposedSelectorSuitsTheImagesThatDidNotChangeToo() {
        admissions.images.index("arm64-only", admissions.images.image(Platform.of("linux", "arm64")));
        String before = Reviews.deployment("old=registry.example/shop:arm64-only", "app=" + RIGHT);

        Answer answer = admissions.answer(Reviews.update(before, before.replace(RIGHT, WRONG)));

        assertThat(answer.allowed()).isFalse();
        assertThat(answer.message()).doesNotContain("nodeSelector");
    }

    @Test
    void whatCouldNotBeReadBeforeIsJudgedAsNew() {
        String unreadable = Reviews.pod("app=" + WRONG).replaceFirst("(?s)containers:.*", "containers: none\n");

        assertThat(admissions
                        .answer(Reviews.update(unreadable, Reviews.pod("app=" + WRONG)))
                        .allowed())
                .isFalse();
    }

    @Test
    void aChangeOfPlacementJudgesEverything() {
        String before = Reviews.deployment("app=" + WRONG) + "      nodeSelector: {kubernetes.io/arch: amd64}\n";

        assertThat(admissions
                        .answer(Reviews.update(before, Reviews.deployment("app=" + WRONG)))
                        .allowed())
                .isFalse();
    }

    @Test
    void anEphemeralContainerIsJudgedOnItsPodsNode() {
        String pod = Reviews.pod("app=" + WRONG) + "  nodeName: arm\n";
        String debugged = pod + "  ephemeralContainers: [{name: debug, image: '%s'}]\n";

        Answer right =
                admissions.answer(Reviews.update(pod, debugged.formatted(RIGHT)).subResource("ephemeralcontainers"));
        Answer wrong = admissions.answer(
                Reviews.update(pod, debugged.formatted(WRONG + "-2")).subResource("ephemeralcontainers"));

        assertThat(right.allowed()).isTrue();
        assertThat(right.warnings()).isEmpty();
        assertThat(wrong.warnings()).hasSize(1);
        assertThat(wrong.warnings().get(0)).contains("ephemeral container \"debug\"");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"imagePullSecrets: [{name: other}]", "serviceAccountName: other"})
    void whatPullsWithOtherCredentialsIsNew(String credentials) {
        String old = Reviews.deployment("app=" + WRONG);
        String now = old.replaceFirst("containers:", credentials + "\n      containers:");

        assertThat(now).isNotEqualTo(old);
        assertThat(admissions.answer(Reviews.update(old, now)).allowed()).isFalse();
    }
}
