package dev.stowage.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.AdmissionHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WarmUpTest {

    @Test
    @DisplayName("its reviews are of pods and workloads, allowed and denied")
    void meetsEverything() throws Exception {
        AdmissionHandler handler = WarmUp.handler(new SimpleMeterRegistry());
        Set<String> outcomes = new HashSet<>();
        for (int number = 0; number < WarmUp.LEAST; number++) {
            String review = WarmUp.review(number);
            String answer = new String(
                    handler.handle(review.getBytes(StandardCharsets.UTF_8))
                            .get(20, TimeUnit.SECONDS)
                            .body(),
                    StandardCharsets.UTF_8);
            outcomes.add((review.contains("\"kind\":\"Pod\"") ? "Pod" : "Deployment")
                    + (answer.contains("\"allowed\":true") ? " allowed" : " denied"));
            assertThat(answer).doesNotContain("warnings");
        }
        assertThat(outcomes)
                .containsExactlyInAnyOrder("Pod allowed", "Pod denied", "Deployment allowed", "Deployment denied");
    }
}
