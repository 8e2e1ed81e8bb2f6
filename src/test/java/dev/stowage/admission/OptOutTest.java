package dev.stowage.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.admission.Admissions.Answer;
import dev.stowage.platform.Platform;
import dev.stowage.policy.Mode;
import dev.stowage.testing.MetricsTable;
import dev.stowage.testing.Reviews;
import dev.stowage.workload.CustomKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods that choose a mode of their own by an annotation. */
class OptOutTest {

    private static final String AMD64 = "registry.example/shop:amd64";
    private static final String OFF = "{stowage.dev/mode: 'off'}";
    private static final String WARN = "{stowage.dev/mode: warn}";
    private static final String NONE = "{}";

    private final Admissions admissions = new Admissions();

    @BeforeEach
    void cluster() {
        admissions.cluster.node("amd", "linux/amd64").node("arm", "linux/arm64");
        admissions.images.index("amd64", admissions.images.image(Platform.of("linux", "amd64")));
        admissions.policy = admissions.policy.withWorkloadOptOut(true);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName(
            "off admits without a check, warn with warnings, audit in the audit log only; the audit log shows each")
    void modes(boolean pod) {
        Answer off = admissions.answer(Reviews.create(object(pod, OFF)));
        assertThat(off.allowed()).isTrue();
        assertThat(off.warnings()).isEmpty();
        assertThat(off.audit("opt-out")).isEqualTo("off");
        assertThat(off.audit("exempt")).isEqualTo("opt-out");
        assertThat(admissions.lastOutcome().decision()).isEqualTo(Decision.EXEMPT);
        assertThat(admissions.registry.asked()).isEmpty();

        Answer warn = admissions.answer(Reviews.create(object(pod, WARN)));
        assertThat(warn.allowed()).isTrue();
        assertThat(warn.warnings()).hasSize(1).first().asString().contains("cannot run on 1 of 2");
        assertThat(warn.audit("opt-out")).isEqualTo("warn");
        assertThat(warn.audit("violations")).contains("cannot run on 1 of 2");

        Answer audit = admissions.answer(Reviews.create(object(pod, "{stowage.dev/mode: audit}")));
        assertThat(audit.allowed()).isTrue();
        assertThat(audit.warnings()).isEmpty();
        assertThat(audit.audit("violations")).contains("cannot run on 1 of 2");
        assertThat(admissions.lastOutcome().optOut()).contains(Mode.AUDIT);
    }

    @Test
    @DisplayName("without workloadOptOut the annotation has no effect and warns")
    void notAllowed() {
        admissions.policy = admissions.policy.withWorkloadOptOut(false);

        Answer answer = admissions.answer(Reviews.create(object(false, OFF)));

        assertThat(answer.allowed()).isFalse();
        assertThat(answer.audit("opt-out")).isEmpty();
        assertThat(answer.warnings())
                .containsExactly(
                        "Stowage: the pods of Deployment web have the annotation stowage.dev/mode=\"off\", which has no"
                                + " effect while workloadOptOut is false; the mode of the namespace applies");
    }

    @ParameterizedTest
    @ValueSource(strings = {"enforce", "Off", "no"})
    @DisplayName("other values, enforce among them, have no effect and warn")
    void otherValues(String value) {
        Answer answer = admissions.answer(Reviews.create(object(false, "{stowage.dev/mode: '" + value + "'}")));

        assertThat(answer.allowed()).isFalse();
        assertThat(answer.warnings()).hasSize(1).first().asString().contains("not one of warn, audit, off");
    }

    @Test
    @DisplayName("a value that is not a text, or too long, has no effect")
    void hostileValues() {
        assertThat(admissions
                        .answer(Reviews.create(object(true, "{stowage.dev/mode: [off]}")))
                        .allowed())
                .isFalse();
        Answer longest =
                admissions.answer(Reviews.create(object(true, "{stowage.dev/mode: '" + "off".repeat(10_000) + "'}")));
        assertThat(longest.allowed()).isFalse();
        assertThat(longest.warnings())
                .allSatisfy(warning -> assertThat(warning.length()).isLessThanOrEqualTo(256));
    }

    @Test
    @DisplayName("on the Deployment itself it has no effect, because its pods do not carry it")
    void onTheObject() {
        String yaml = object(false, NONE).replace("name: web,", "annotations: " + OFF + ", name: web,");

        Answer answer = admissions.answer(Reviews.create(yaml));

        assertThat(answer.allowed()).isFalse();
        assertThat(answer.warnings())
                .containsExactly(
                        "Stowage: the annotation stowage.dev/mode of Deployment web has no effect; it belongs into the"
                                + " metadata of its pod template");
    }

    @Test
    @DisplayName("when a template's annotation goes, its images are checked like new ones; its pods would be denied")
    void annotationRemoved() {
        assertThat(admissions
                        .answer(Reviews.update(object(false, OFF), object(false, NONE)))
                        .allowed())
                .isFalse();
        assertThat(admissions
                        .answer(Reviews.update(object(true, OFF), object(true, NONE)))
                        .allowed())
                .describedAs("a pod that runs")
                .isTrue();

        admissions.policy = admissions.policy.withWorkloadOptOut(false);
        assertThat(admissions
                        .answer(Reviews.update(object(false, OFF), object(false, NONE)))
                        .allowed())
                .isTrue();
    }

    @Test
    @DisplayName("of several pod templates each has its own mode")
    void severalTemplates() {
        admissions.customKinds = List.of(new CustomKind("leaderworkerset.x-k8s.io", "*", "LeaderWorkerSet", ""));

        Answer one = admissions.answer(Reviews.create(set(OFF, NONE)));
        Answer both = admissions.answer(Reviews.create(set(OFF, WARN)));
        Answer silent = admissions.answer(Reviews.create(set("{stowage.dev/mode: audit}", OFF)));

        assertThat(one.allowed()).isFalse();
        assertThat(one.message()).contains("workerTemplate").doesNotContain("leaderTemplate");
        assertThat(both.allowed()).isTrue();
        assertThat(both.warnings()).hasSize(1).first().asString().contains("workerTemplate");
        assertThat(both.audit("violations")).contains("workerTemplate").doesNotContain("leaderTemplate");
        assertThat(both.audit("opt-out"))
                .isEqualTo("spec.leaderWorkerTemplate.leaderTemplate.spec: off, "
                        + "spec.leaderWorkerTemplate.workerTemplate.spec: warn");
        assertThat(silent.warnings()).isEmpty();
        assertThat(silent.audit("warnings")).contains("leaderTemplate");
        assertThat(admissions.lastOutcome().optOut()).contains(Mode.OFF);
    }

    @Test
    @DisplayName("it is counted by mode, as documented")
    void counted() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        admissions.answer(Reviews.create(object(false, OFF)));
        new AdmissionMetrics(meters, List.of()).answered(admissions.lastOutcome());

        assertThat(meters.get(AdmissionMetrics.OPT_OUTS)
                        .tag("mode", "off")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(MetricsTable.documented("stowage_admission_opt_", ""))
                .containsOnlyKeys("stowage_admission_opt_outs_total");
    }

    private static String object(boolean pod, String annotations) {
        String spec = "spec: {containers: [{name: app, image: '" + AMD64 + "'}]}";
        return pod
                ? "{apiVersion: v1, kind: Pod, metadata: {name: web, annotations: " + annotations + "}, " + spec + "}"
                : "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {template: {metadata: {annotations: "
                        + annotations + "}, " + spec + "}}}";
    }

    private static String set(String leader, String worker) {
        String spec = "spec: {containers: [{name: app, image: '" + AMD64 + "'}]}";
        return "{apiVersion: leaderworkerset.x-k8s.io/v1, kind: LeaderWorkerSet, metadata: {name: web}, spec: {leaderWorkerTemplate: {"
                + "leaderTemplate: {metadata: {annotations: " + leader + "}, " + spec + "}, "
                + "workerTemplate: {metadata: {annotations: " + worker + "}, " + spec + "}}}}";
    }
}
