package dev.stowage.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.admission.AdmissionEvent.Decision;
import dev.stowage.admission.Admissions.Answer;
import dev.stowage.demo.SampleImages;
import dev.stowage.platform.Platform;
import dev.stowage.policy.Action;
import dev.stowage.testing.Reviews;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reviews that no API server would send, and some that it would and that are odd. */
class ReviewFaultsTest {

    private static final String IMAGE = "registry.example/shop:1";

    private final Admissions admissions = new Admissions();

    @BeforeEach
    void imagesAndNodes() {
        SampleImages images = admissions.images;
        images.index("1", images.image(Platform.of("linux", "amd64")));
        admissions.cluster.node("amd", "linux/amd64");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                      | The body is empty; an AdmissionReview is expected.",
                "`   `                   | The body is empty; an AdmissionReview is expected.",
                "null                    | The body is not a JSON object; an AdmissionReview is expected.",
                "[]                      | The body is not a JSON object; an AdmissionReview is expected.",
                "\"text\"                | The body is not a JSON object; an AdmissionReview is expected.",
                "{                       | The body is not valid JSON (line 1, column 2).",
                "<xml/>                  | The body is not valid JSON (line 1, column 1).",
                "{\"a\":1} x             | The body is not valid JSON (line 1, column 9).",
                "{}                      | The body is of kind \"\", not AdmissionReview.",
                "{\"kind\":\"Pod\"}      | The body is of kind \"Pod\", not AdmissionReview.",
                "{\"kind\":7}            | kind of the AdmissionReview is not a string.",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1beta1\",\"request\":{\"uid\":\"1\"}} | The AdmissionReview is of version \"admission.k8s.io/v1beta1\"; Stowage supports admission.k8s.io/v1 (admissionReviewVersions: [v1]).",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\"} | The AdmissionReview has no request.",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":null} | The AdmissionReview has no request.",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":[]} | request of the AdmissionReview is not an object.",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{}} | The AdmissionReview's request has no uid."
            })
    void whatIsNoReviewIsAnsweredWithOneSentence(String body, String sentence) {
        AdmissionResponse answer = admissions.handler().handle(bytes(body)).join();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.contentType()).startsWith("text/plain");
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo(sentence + "\n");
        assertThat(admissions.lastOutcome().decision()).isEqualTo(Decision.INVALID);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"1\",\"operation\":\"CREATE\"}} | The AdmissionReview has no object to CREATE.",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"1\",\"operation\":\"CREATE\",\"object\":null}} | The AdmissionReview has no object to CREATE.",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"1\",\"operation\":\"CREATE\",\"object\":\"x\"}} | request.object of the AdmissionReview is not an object.",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"1\",\"operation\":\"PATCH\"}} | The AdmissionReview's operation is \"PATCH\", not CREATE, UPDATE, DELETE or CONNECT.",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"1\",\"dryRun\":\"yes\"}} | request.dryRun of the AdmissionReview is not true or false.",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"1\",\"userInfo\":{\"groups\":\"all\"}}} | request.userInfo.groups of the AdmissionReview is not a list.",
                "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"1\",\"object\":{\"spec\":{\"a\":[1,} | The body is not valid JSON (line 1, column 108)."
            })
    void anInvalidRequestWithAUidIsAnsweredAsOnUnresolvedSays(String body, String sentence) {
        Answer warned = admissions.answer(bytes(body));

        assertThat(warned.allowed()).isTrue();
        assertThat(warned.response().path("uid").asText()).isEqualTo("1");
        assertThat(warned.warnings()).hasSize(1).first().asString().endsWith("was not checked: " + sentence);
        assertThat(admissions.lastOutcome().decision()).isEqualTo(Decision.UNCHECKED);

        admissions.policy = admissions.policy.withOnUnresolved(Action.DENY);
        assertThat(admissions.answer(bytes(body)).message()).endsWith("was not checked: " + sentence);
    }

    @ParameterizedTest(name = "a body cut after {0} bytes")
    @ValueSource(ints = {1, 10, 40, 90})
    void bodiesThatEndBeforeTheUid(int length) {
        byte[] review = Reviews.create(Reviews.pod("app=" + IMAGE)).bytes();

        AdmissionResponse answer =
                admissions.handler().handle(Arrays.copyOf(review, length)).join();

        assertThat(answer.status()).isEqualTo(400);
    }

    @ParameterizedTest(name = "a body cut after {0} bytes")
    @ValueSource(ints = {200, 300, 400})
    void bodiesThatEndAfterTheUid(int length) {
        byte[] review = Reviews.create(Reviews.pod("app=" + IMAGE)).bytes();

        assertThat(admissions.answer(Arrays.copyOf(review, length)).warnings()).hasSize(1);
        assertThat(admissions.lastOutcome().decision()).isEqualTo(Decision.UNCHECKED);
    }

    @Test
    void somethingBehindTheReviewMakesItUnreadable() {
        String review = new String(Reviews.create(Reviews.pod("app=" + IMAGE)).bytes(), StandardCharsets.UTF_8);

        assertThat(admissions.answer(bytes(review + "{}")).warnings())
                .first()
                .asString()
                .endsWith("was not checked: There is more after the AdmissionReview in the body.");
    }

    @Test
    void invalidUtf8IsNotJson() {
        byte[] review = Reviews.create(Reviews.pod("app=" + IMAGE)).bytes();
        review[30] = (byte) 0xff;

        assertThat(admissions.handler().handle(review).join().status()).isEqualTo(400);
    }

    @Test
    void anUnknownKindIsNoneOfOurs() {
        Answer answer = admissions.answer(
                Reviews.create("{apiVersion: v1, kind: ConfigMap, metadata: {name: x}, data: {spec: none}}"));

        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings()).isEmpty();
        assertThat(admissions.lastOutcome().decision()).isEqualTo(Decision.IGNORED);
    }

    @Test
    void unknownFieldsArePassedOver() {
        Reviews review = Reviews.create(Reviews.pod("app=" + IMAGE));
        review.json().putObject("extra").putArray("a").add(1).addObject().put("b", 2.5);
        request(review).putObject("options").put("fieldManager", "kubectl");
        ((ObjectNode) request(review).path("object"))
                .putObject("spec2")
                .putArray("containers")
                .add(7);

        assertThat(admissions.answer(review).allowed()).isTrue();
    }

    @Test
    void ofARepeatedFieldTheLastCounts() {
        String review = new String(Reviews.create(Reviews.pod("app=" + IMAGE)).bytes(), StandardCharsets.UTF_8)
                .replace("\"uid\":\"705ab4f5", "\"uid\":\"first\",\"uid\":\"705ab4f5")
                .replace("\"image\":\"" + IMAGE, "\"image\":\"other.example/x:1\",\"image\":\"" + IMAGE);

        Answer answer = admissions.answer(bytes(review));

        assertThat(answer.response().path("uid").asText()).startsWith("705ab4f5");
        assertThat(admissions.registry.asked()).containsExactly("1");
    }

    @ParameterizedTest(name = "uid {0}")
    @ValueSource(strings = {"705ab4f5", "ü\u0000\n\"\\", "\ud800", "😀"})
    void theUidIsEchoedWhateverItIs(String uid) {
        Reviews review = Reviews.create(Reviews.pod("app=" + IMAGE));
        request(review).put("uid", uid);
        byte[] body = bytes(review.json().toString().replace("\ud800\"", "\\ud800\""));

        AdmissionResponse answer = admissions.handler().handle(body).join();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(Admissions.json(answer).path("response").path("uid").asText())
                .isEqualTo(uid);
    }

    @Test
    void anObjectOfThreeMegabytesIsAnswered() {
        Reviews review = Reviews.create(Reviews.pod("app=" + IMAGE));
        ObjectNode object = (ObjectNode) request(review).path("object");
        object.withObject("metadata").putObject("annotations").put("large", "x".repeat(3 << 20));

        assertThat(admissions.answer(review).allowed()).isTrue();
    }

    @ParameterizedTest(name = "{0} levels deep")
    @ValueSource(ints = {100, 520, 10_000, 1_000_000})
    void whatIsSkippedMayBeAsDeepAsAnApiServerStores(int depth) {
        String nested = "[".repeat(depth) + "]".repeat(depth);
        String review = new String(Reviews.create(Reviews.pod("app=" + IMAGE)).bytes(), StandardCharsets.UTF_8)
                .replaceFirst("\"metadata\":\\{", "\"metadata\":{\"managedFields\":" + nested + ",");

        Answer answer = admissions.answer(bytes(review));

        assertThat(answer.response().path("uid").asText()).startsWith("705ab4f5");
        assertThat(admissions.lastOutcome().decision())
                .isEqualTo(depth <= 10_000 ? Decision.ALLOWED : Decision.UNCHECKED);
    }

    @Test
    void aPodSpecOfAnotherTypeIsAdmittedWithAWarningThatNamesTheField() {
        Answer answer = admissions.answer(
                Reviews.create("{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: 5}}"));

        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings())
                .containsExactly("Stowage: Pod web was not checked: spec.containers must be a list, not a number");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "'registry.example/x:1\u001b[31m\nforged line'",
                "'../../etc/passwd'",
                "'user:secret@registry.example/x:1'",
                "'registry.exаmple/x:1'",
                "'http://169.254.169.254/latest'",
                "'x'"
            })
    void aHostileReferenceNeverReachesAMessageUnescaped(String image) {
        Reviews review = Reviews.create(Reviews.pod("app=" + IMAGE));
        String hostile = image.equals("x") ? "x/".repeat(5000) + "A" : image;
        ((ObjectNode) request(review)
                        .path("object")
                        .path("spec")
                        .path("containers")
                        .get(0))
                .put("image", hostile)
                .put("name", "app\u202e\r\nforged");

        Answer answer = admissions.answer(review);

        assertThat(answer.allowed()).isFalse();
        assertThat(answer.message()).contains("is not a valid image reference").hasSizeLessThan(2048);
        assertThat(answer.message().replace("\n  ", "")).matches("[ -~…]*");
        assertThat(admissions.registry.asked()).isEmpty();
    }

    private static ObjectNode request(Reviews review) {
        return (ObjectNode) review.json().path("request");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
