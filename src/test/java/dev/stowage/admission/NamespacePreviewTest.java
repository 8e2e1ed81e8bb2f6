package dev.stowage.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.admission.Admissions.Answer;
import dev.stowage.admission.ReportedImage.Finding;
import dev.stowage.policy.Action;
import dev.stowage.policy.Exemptions;
import dev.stowage.policy.Mode;
import dev.stowage.policy.Placement;
import dev.stowage.testing.Reviews;
import dev.stowage.text.Glob;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the change of a Namespace's labels is answered with. */
class NamespacePreviewTest {

    private static final ReportedImage API = image("r.example/api:1", Finding.DOES_NOT_RUN, false);
    private static final String DENIED = "Stowage: shop: image r.example/api:1 of Deployment/api says why";

    private final Admissions admissions = new Admissions();

    @Test
    @DisplayName("the command comes first, then each image with its workloads and the reason")
    void denied() {
        reports(API, image("r.example/web:1", Finding.RUNS, true));

        Answer answer = admissions.answer(label("warn", "enforce"));

        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings())
                .containsExactly(
                        "Stowage: see \"kubectl get imgr -n shop\": 1 of 2 images would be denied in new or changed workloads;"
                                + " what runs goes on",
                        DENIED);
        assertThat(admissions.lastOutcome().decision()).isEqualTo(Decision.WARNED);
        assertThat(admissions.lastOutcome().kind()).isEqualTo("Namespace");
    }

    @ParameterizedTest(name = "default {0}: {1} to {2}")
    @CsvSource({
        "ENFORCE, , enforce, true",
        "ENFORCE, off, , true",
        "ENFORCE, off, wrong, true",
        "ENFORCE, enforce, , false",
        "ENFORCE, enforce, enforce, false",
        "ENFORCE, enforce, warn, false",
        "WARN, off, , false",
        "WARN, , enforce, true"
    })
    @DisplayName("a preview comes when enforce begins to apply, or when it is asked for by name")
    void whenEnforceBegins(Mode mode, String before, String after, boolean previewed) {
        admissions.policy = admissions.policy.withMode(mode);
        reports(API);

        assertThat(admissions.answer(label(before, after)).warnings().contains(DENIED))
                .isEqualTo(previewed);
    }

    @Test
    @DisplayName("at most ten warnings of at most 256 characters, the last of which counts the rest")
    void bounded() {
        reports(IntStream.range(0, 40)
                .mapToObj(i -> new ReportedImage(
                        "r.example/" + "x".repeat(900) + i,
                        Finding.DOES_NOT_RUN,
                        "runs nowhere\n" + "y".repeat(900),
                        List.of("Deployment/" + "z".repeat(250)),
                        false,
                        false))
                .toArray(ReportedImage[]::new));

        Answer answer = admissions.answer(label("warn", "enforce"));

        assertThat(answer.warnings()).hasSize(10).allSatisfy(warning -> assertThat(warning)
                .hasSizeLessThanOrEqualTo(256)
                .doesNotContain("\n"));
        assertThat(answer.warnings().get(0)).contains("40 of 40 images would be denied");
        assertThat(answer.warnings().get(9)).isEqualTo("Stowage: shop: and 32 more");
    }

    @Test
    @DisplayName("what is not known is said, and not taken for nothing to deny")
    void unknown() {
        assertThat(admissions.answer(label("warn", "enforce")).warnings())
                .containsExactly("Stowage: it is not known what would be denied in namespace shop: ImageReports are off"
                        + " (reports.enabled)");
        reports();
        assertThat(admissions.answer(label("warn", "enforce")).warnings())
                .containsExactly(
                        "Stowage: it is not known what would be denied in namespace shop: it has no ImageReports of"
                                + " images in use");
        reports(
                image("a", Finding.RUNS, true),
                image("b", Finding.UNKNOWN, false),
                image("c", Finding.UNRESOLVED, false));
        assertThat(admissions.answer(label("warn", "enforce")).warnings())
                .containsExactly(
                        "Stowage: see \"kubectl get imgr -n shop\": nothing is known of 2 of 3 images, which could not be"
                                + " read, or were not checked for a day");
        reports(image("a", Finding.RUNS, true));
        assertThat(admissions.answer(label("warn", "enforce")).warnings()).isEmpty();
    }

    @Test
    @DisplayName("the policy decides what would be denied")
    void policy() {
        ReportedImage gone = image("gone", Finding.NOT_FOUND, false);
        ReportedImage unread = image("unread", Finding.UNRESOLVED, false);
        ReportedImage unsure = image("unsure", Finding.UNCERTAIN, false);
        ReportedImage partly = image("partly", Finding.DOES_NOT_RUN, true);
        ReportedImage daemon = new ReportedImage("daemon", Finding.DOES_NOT_RUN, "", List.of(), true, true);

        assertThat(List.of(gone, unread, unsure)).noneMatch(image -> image.isDeniedBy(admissions.policy));
        assertThat(gone.isDeniedBy(admissions.policy.withOnNotFound(Action.DENY)))
                .isTrue();
        assertThat(unread.isDeniedBy(admissions.policy.withOnUnresolved(Action.DENY)))
                .isTrue();
        assertThat(unsure.isDeniedBy(admissions.policy.withOnUncertain(Action.DENY)))
                .isTrue();
        assertThat(partly.isDeniedBy(admissions.policy)).isTrue();
        assertThat(partly.isDeniedBy(admissions.policy.withPlacement(Placement.ANY)))
                .isFalse();
        assertThat(daemon.isDeniedBy(admissions.policy.withPlacement(Placement.ANY)))
                .isTrue();
        assertThat(API.isDeniedBy(admissions.policy.withPlacement(Placement.ANY)))
                .isTrue();
        assertThat(API.isDeniedBy(admissions.policy.withExemptions(
                        new Exemptions(List.of(new Glob("r.example/*")), List.of(), List.of(), List.of(), List.of()))))
                .isFalse();
    }

    @Test
    @DisplayName("an exempt namespace, where nothing is checked")
    void exempt() {
        admissions.policy = admissions.policy.withExemptions(
                new Exemptions(List.of(), List.of(), List.of(), List.of(), List.of(new Glob("sh*"))));
        reports(API);

        assertThat(admissions.answer(label("warn", "enforce")).warnings())
                .singleElement()
                .asString()
                .contains("it is exempt (exemptions.namespaces)");
    }

    @Test
    @DisplayName("whatever fails, and however strict the policy is, the label is set")
    void neverDenies() {
        admissions.policy = admissions.policy.withOnUnresolved(Action.DENY);
        admissions.cluster.reports(namespace -> {
            throw new IllegalStateException("broken");
        });

        assertThat(admissions.answer(label("warn", "enforce")).allowed()).isTrue();
        assertThat(admissions
                        .answer(Reviews.create("{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: [1]}}"))
                        .allowed())
                .isTrue();
    }

    @Test
    @DisplayName("a new namespace has nothing to preview; a Namespace of another group is not one")
    void others() {
        reports(API);
        assertThat(admissions.answer(Reviews.create(namespace("enforce"))).warnings())
                .isEmpty();
        assertThat(admissions
                        .answer(Reviews.update(
                                namespace("warn").replace("v1", "example.com/v1"),
                                namespace("enforce").replace("v1", "example.com/v1")))
                        .warnings())
                .isEmpty();
    }

    @Test
    @DisplayName("an unknown value of the steering label warns at once, and only when it changes")
    void steering() {
        String wrong = namespace("warn").replace("labels: {", "labels: {stowage.dev/steering: 'on', ");

        assertThat(admissions.answer(Reviews.update(namespace("warn"), wrong)).warnings())
                .containsExactly(
                        "Stowage: namespace shop has the label stowage.dev/steering=\"on\", which is not one of"
                                + " required, off; it has no effect");
        assertThat(admissions.answer(Reviews.update(wrong, wrong)).warnings()).isEmpty();
        assertThat(admissions
                        .answer(Reviews.update(namespace("warn"), wrong.replace("'on'", "required")))
                        .warnings())
                .isEmpty();
    }

    private void reports(ReportedImage... images) {
        admissions.cluster.reports(namespace -> new ReportedImages.Known(Optional.empty(), List.of(images)));
    }

    private static ReportedImage image(String name, Finding finding, boolean somewhere) {
        return new ReportedImage(name, finding, "says why", List.of("Deployment/api"), false, somewhere);
    }

    private static Reviews label(String before, String after) {
        return Reviews.update(namespace(before), namespace(after));
    }

    private static String namespace(String mode) {
        return "{apiVersion: v1, kind: Namespace, metadata: {name: shop"
                + (mode == null ? "" : ", labels: {stowage.dev/mode: '" + mode + "'}") + "}}";
    }
}
