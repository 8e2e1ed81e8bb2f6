package dev.stowage.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.testing.Reviews;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.net.http.HttpClient.Version;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is not a review, at the HTTPS port, over both versions of HTTP, with the real handler behind it. */
@QuarkusTest
class MalformedReviewsTest {

    private static final String UID = "705ab4f5-6393-11e8-b7cc-42010a800002";
    private static final String JSON = "application/json";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Inject
    HttpServer server;

    @Inject
    QuarkusTestBeans beans;

    static Stream<Arguments> refused() {
        String review = text(Reviews.create(Reviews.pod("main=r.example/app:1")));
        return Stream.of(
                        rows("nothing", "", JSON),
                        rows("not JSON", "apiVersion: admission.k8s.io/v1", JSON),
                        rows("a list", "[]", JSON),
                        rows("a string", "\"AdmissionReview\"", JSON),
                        rows("null", "null", JSON),
                        rows("an empty object", "{}", JSON),
                        rows("another kind", review.replace("AdmissionReview", "ConversionReview"), JSON),
                        rows("v1beta1", review.replace("admission.k8s.io/v1", "admission.k8s.io/v1beta1"), JSON),
                        rows(
                                "no request",
                                "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\"}",
                                JSON),
                        rows(
                                "a request that is a list",
                                review.replaceFirst("\"request\":\\{.*", "\"request\":[]}"),
                                JSON),
                        rows("no uid", review.replace("\"uid\":\"" + UID + "\",", ""), JSON),
                        rows("10,000 levels", "[".repeat(10_000), JSON),
                        rows("invalid UTF-8", "\u00ff\u00fe", JSON),
                        rows("no Content-Type", review, ""),
                        rows("YAML", review, "application/yaml"),
                        rows("a form", review, "application/x-www-form-urlencoded"))
                .flatMap(rows -> rows);
    }

    @ParameterizedTest(name = "{0} over {3}")
    @MethodSource("refused")
    @DisplayName("what is no review is refused with one clear sentence")
    void isRefused(String what, String body, String contentType, Version version) throws Exception {
        HttpResponse<String> response = client(version).post(body.getBytes(StandardCharsets.ISO_8859_1), contentType);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(contentType.equals(JSON) ? 400 : 415);
        assertThat(response.body().strip()).isNotEmpty().doesNotContain("\n", "Exception", "com.fasterxml");
        assertThat(response.body().length()).isLessThan(400);
    }

    static Stream<Arguments> unreadable() {
        String review =
                Reviews.create(Reviews.pod("main=r.example/app:1")).json().toString();
        return Stream.of(
                        rows("half of a review", review.substring(0, review.length() / 2), JSON),
                        rows("more than a review", review + "}", JSON),
                        rows("no operation", review.replace("\"operation\":\"CREATE\",", ""), JSON),
                        rows("a namespace that is a number", review.replace("\"shop\"", "7"), JSON))
                .flatMap(rows -> rows);
    }

    @ParameterizedTest(name = "{0} over {3}")
    @MethodSource("unreadable")
    @DisplayName(
            "a review that cannot be read is answered with its uid and a warning, because an error would admit it silently")
    void isAnswered(String what, String body, String contentType, Version version) throws Exception {
        HttpResponse<String> response = client(version).post(body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode answer = MAPPER.readTree(response.body()).path("response");
        assertThat(answer.path("uid").asText()).isEqualTo(UID);
        assertThat(answer.at("/warnings/0").asText()).contains("was not checked");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a review without an object is answered or refused, never an error")
    void noObject(Version version) throws Exception {
        ObjectNode review = Reviews.create(Reviews.pod("main=r.example/app:1")).json();
        ((ObjectNode) review.path("request")).remove("object");
        HttpResponse<String> response = client(version).post(review.toString());
        assertThat(response.statusCode()).as(response.body()).isLessThan(500);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("unknown fields do not matter, and the uid comes back")
    void unknownFields(Version version) throws Exception {
        ObjectNode review = Reviews.create(Reviews.pod("main=r.example/app:1")).json();
        review.put("new", 1).putObject("newer").putArray("x").add(1);
        review.withObject("request").putObject("newest").put("y", 2);
        review.withObject("request").withObject("object").withObject("spec").putObject("future");
        assertThat(denial(client(version).post(review.toString()))).contains("linux/arm64");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("an object of 3 MB is judged")
    void largeObject(Version version) throws Exception {
        ObjectNode review = Reviews.create(Reviews.pod("main=r.example/app:1")).json();
        review.withObject("request")
                .withObject("object")
                .withObject("metadata")
                .withObject("annotations")
                .put("large", "x".repeat(3 << 20));
        assertThat(denial(client(version).post(review.toString()))).contains("linux/arm64");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a pod of 150 images is judged, and the message stays short")
    void manyImages(Version version) throws Exception {
        ObjectNode review = Reviews.create(Reviews.pod("main=r.example/app:1")).json();
        ArrayNode containers = (ArrayNode) review.at("/request/object/spec/containers");
        for (int i = 0; i < 150; i++) {
            containers.addObject().put("name", "c" + i).put("image", "r.example/app" + i + ":1");
        }
        String message = denial(client(version).post(review.toString()));
        assertThat(message).contains("linux/arm64");
        assertThat(message.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(2048);
    }

    private static String denial(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains(JSON);
        JsonNode answer = MAPPER.readTree(response.body()).path("response");
        assertThat(answer.path("uid").asText()).isEqualTo(UID);
        assertThat(answer.path("allowed").asBoolean(true)).isFalse();
        return answer.at("/status/message").asText();
    }

    private static Stream<Arguments> rows(String what, String body, String contentType) {
        return Stream.of(Version.values()).map(version -> Arguments.of(what, body, contentType, version));
    }

    private static String text(Reviews review) {
        return new String(review.bytes(), StandardCharsets.UTF_8);
    }

    private TestClient client(Version version) {
        return new TestClient(server.getSecurePort(), beans.authority, version);
    }
}
