package dev.stowage.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.admission.Admissions.Answer;
import dev.stowage.platform.Platform;
import dev.stowage.policy.Mode;
import dev.stowage.testing.Reviews;
import dev.stowage.workload.CustomKind;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Reviews of objects with several pod templates, of placeholders and of images that are only data. */
class PodTemplatesAdmissionTest {

    private static final String AMD64 = "registry.example/shop:amd64";
    private static final String BOTH = "registry.example/shop:both";
    private static final String ARM64 = "registry.example/shop:arm64";
    private static final String LEADER = "spec.leaderWorkerTemplate.leaderTemplate.spec";
    private static final String WORKER = "spec.leaderWorkerTemplate.workerTemplate.spec";
    private static final String AMD64_NODES = "nodeSelector: {kubernetes.io/arch: amd64}, ";

    private final Admissions admissions = new Admissions();

    @BeforeEach
    void cluster() {
        admissions.cluster.node("amd", "linux/amd64").node("arm", "linux/arm64");
        admissions.customKinds = List.of(new CustomKind("leaderworkerset.x-k8s.io", "*", "LeaderWorkerSet", ""));
        admissions.images.index("amd64", admissions.images.image(Platform.of("linux", "amd64")));
        admissions.images.index(
                "both",
                admissions.images.image(Platform.of("linux", "amd64")),
                admissions.images.image(Platform.of("linux", "arm64")));
        admissions.images.image("arm64", Platform.of("linux", "arm64"));
    }

    @Test
    @DisplayName("each pod template is judged by its own rules, and a denial names it")
    void ownRules() {
        Answer admitted = admissions.answer(Reviews.create(set(AMD64_NODES, AMD64, "", BOTH)));
        Answer denied = admissions.answer(Reviews.create(set("", BOTH, "", AMD64)));

        assertThat(admitted.allowed()).isTrue();
        assertThat(admitted.warnings()).isEmpty();
        assertThat(admissions.outcomes.get(0).policy()).hasSize(2);
        assertThat(denied.allowed()).isFalse();
        assertThat(denied.message())
                .startsWith("pod template " + WORKER + ": container \"app\": image " + AMD64
                        + " cannot run on 1 of 2 eligible nodes")
                .doesNotContain(LEADER)
                .contains("add nodeSelector: {kubernetes.io/arch: amd64} to the pod template's spec");
        assertThat(admissions.lastOutcome().decision()).isEqualTo(Decision.DENIED);
    }

    @Test
    @DisplayName("several denied pod templates are each named, in as much as there is room for")
    void severalDenied() {
        Answer denied = admissions.answer(Reviews.create(set("", AMD64, "", AMD64)));
        admissions.policy = admissions.policy.withMode(Mode.WARN);
        Answer warned = admissions.answer(Reviews.create(set("", AMD64, "", AMD64)));

        assertThat(denied.message()).contains("pod template " + LEADER + ": ", "\npod template " + WORKER + ": ");
        assertThat(warned.allowed()).isTrue();
        assertThat(warned.warnings())
                .hasSize(2)
                .allSatisfy(warning -> assertThat(warning.length()).isLessThanOrEqualTo(256))
                .anySatisfy(
                        warning -> assertThat(warning).startsWith("Stowage: pod template " + LEADER + ": container"));
        assertThat(warned.audit("violations")).contains(LEADER, WORKER);

        admissions.policy = admissions.policy.withMode(Mode.ENFORCE);
        String groups = IntStream.range(0, 60)
                .mapToObj(i -> "{template: {spec: {containers: [{name: app, image: '" + AMD64 + "'}]}}}")
                .collect(Collectors.joining(", "));
        String message = admissions
                .answer(Reviews.create(object("{groups: [" + groups + "]}")))
                .message();
        assertThat(message).contains("spec.groups[0].template.spec", " more pod templates");
        assertThat(message.length()).isLessThanOrEqualTo(2048);
    }

    @Test
    @DisplayName("an old, wrong template stays when another is changed or added before it")
    void onlyWhatIsNew() {
        String wrong = "{template: {spec: {containers: [{name: app, image: '" + AMD64 + "'}]}}}";
        String right = "{template: {spec: {containers: [{name: app, image: '" + BOTH + "'}]}}}";
        String before = object("{groups: [" + wrong + "]}");

        assertThat(admissions
                        .answer(Reviews.update(before, object("{groups: [" + right + ", " + wrong + "]}")))
                        .allowed())
                .isTrue();
        assertThat(admissions
                        .answer(Reviews.update(
                                before,
                                object("{groups: [" + wrong + ", " + wrong.replace("name: app", "name: other") + "]}")))
                        .allowed())
                .isFalse();
    }

    @Test
    @DisplayName("what has the shape of a pod template but cannot be read is admitted with a warning")
    void unreadable() {
        Answer answer = admissions.answer(Reviews.create(
                object("{pods: {spec: {containers: [{name: app, image: '" + AMD64 + "'}], tolerations: all}}}")));

        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings())
                .containsExactly(
                        "Stowage: LeaderWorkerSet serve was not checked: spec.pods.spec.tolerations must be a list,"
                                + " not a string");
    }

    @Test
    @DisplayName("Istio's placeholder passes in a template that asks for injection, and in no other")
    void placeholder() {
        String gateway = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: gw}\nspec:\n  template:\n"
                + "    metadata: {annotations: {inject.istio.io/templates: gateway}}\n"
                + "    spec: {containers: [{name: istio-proxy, image: auto}]}\n";
        admissions.policy = admissions.policy.withOnNotFound(dev.stowage.policy.Action.DENY);

        Answer injected = admissions.answer(Reviews.create(gateway));
        Answer other = admissions.answer(Reviews.create(gateway.replace("inject.istio.io/templates", "other")));

        assertThat(injected.allowed()).isTrue();
        assertThat(injected.warnings()).isEmpty();
        assertThat(other.allowed()).isFalse();
    }

    @Test
    @DisplayName(
            "an image whose program comes from a volume passes whatever its platform, but of an index one is needed")
    void data() {
        String job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: unpack}\nspec:\n  template:\n    spec:\n"
                + "      nodeSelector: {kubernetes.io/arch: amd64}\n      volumes: [{name: util, emptyDir: {}}]\n"
                + "      initContainers:\n"
                + "      - {name: util, image: '" + BOTH
                + "', command: [cp, /bin/cpb, /util/], volumeMounts: [{name: util, mountPath: /util}]}\n"
                + "      - {name: pull, image: '" + ARM64
                + "', command: [/util/cpb, /bundle], volumeMounts: [{name: util, mountPath: /util}]}\n"
                + "      containers: [{name: extract, image: '" + BOTH + "'}]\n";

        Answer answer = admissions.answer(Reviews.create(job));
        Answer own = admissions.answer(Reviews.create(job.replace("[/util/cpb, /bundle]", "[/utility/cpb]")));
        Answer changed = admissions.answer(Reviews.update(job, job.replace("[/util/cpb, /bundle]", "[/bin/cpb]")));
        admissions.images.index("arm64-index", admissions.images.image(Platform.of("linux", "arm64")));
        Answer index = admissions.answer(Reviews.create(job.replace("shop:arm64", "shop:arm64-index")));

        admissions.images.chart("chart");
        Answer artifact = admissions.answer(Reviews.create(job.replace("shop:arm64", "shop:chart")));

        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings()).singleElement().asString().contains("its own programs are for linux/arm64");
        assertThat(artifact.warnings()).singleElement().asString().contains("is a Helm chart");
        assertThat(own.allowed()).isFalse();
        assertThat(changed.allowed()).isFalse();
        assertThat(index.allowed()).isFalse();
        assertThat(index.message()).contains("contains linux/arm64 only");
    }

    private static String set(String leaderRules, String leader, String workerRules, String worker) {
        return object(
                "{leaderWorkerTemplate: {leaderTemplate: {spec: {" + leaderRules + "containers: [{name: app, image: '"
                        + leader + "'}]}}, workerTemplate: {spec: {" + workerRules + "containers: [{name: app, image: '"
                        + worker
                        + "'}]}}}}");
    }

    private static String object(String spec) {
        return "apiVersion: leaderworkerset.x-k8s.io/v1\nkind: LeaderWorkerSet\nmetadata: {name: serve}\nspec: " + spec
                + "\n";
    }
}
