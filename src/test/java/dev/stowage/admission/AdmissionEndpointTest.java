package dev.stowage.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.testing.Reviews;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.jboss.resteasy.reactive.RestResponse;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionEndpointTest {

    private static final byte[] REVIEW =
            Reviews.create(Reviews.pod("app=registry.example/shop:1")).bytes();

    private final AdmissionHandler handler = new Admissions().handler();
    private final AdmissionEndpoint endpoint = new AdmissionEndpoint(handler, new SimpleMeterRegistry());

    @ParameterizedTest(name = "{0}")
    @CsvSource({"application/json", "application/json; charset=utf-8", "Application/JSON"})
    @DisplayName("JSON is reviewed")
    void json(String contentType) {
        assertThat(post(contentType).getStatus()).isEqualTo(200);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"text/plain", "application/x-www-form-urlencoded", "application/jsonp", "''", ","})
    @DisplayName("any other Content-Type gets status 415 and one sentence")
    void otherTypes(String contentType) {
        RestResponse<byte[]> response = post(contentType);

        assertThat(response.getStatus()).isEqualTo(415);
        assertThat(new String(response.getEntity(), StandardCharsets.UTF_8))
                .isEqualTo("The Content-Type is \"" + (contentType == null ? "" : contentType)
                        + "\"; an AdmissionReview is application/json.\n");
    }

    private RestResponse<byte[]> post(String contentType) {
        return endpoint.review(contentType, handler.read(new ByteArrayInputStream(REVIEW)), false)
                .await()
                .indefinitely();
    }
}
