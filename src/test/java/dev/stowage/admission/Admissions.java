package dev.stowage.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.assessment.WorkloadAssessor;
import dev.stowage.demo.SampleImages;
import dev.stowage.oci.DocumentReader;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.registry.Registry;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.steering.SteeringSettings;
import dev.stowage.testing.FakeCluster;
import dev.stowage.testing.MemoryRegistry;
import dev.stowage.testing.Reviews;
import dev.stowage.verdict.EngineAssessor;
import dev.stowage.verdict.Judge;
import dev.stowage.workload.CustomKind;
import dev.stowage.workload.WorkloadReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The handler with the real engine on a registry in memory, for tests that hand it reviews and read its answers. */
final class Admissions {

    final MemoryRegistry registry = new MemoryRegistry();
    final SampleImages images = new SampleImages(registry);
    final FakeCluster cluster = new FakeCluster();
    final List<AdmissionEvent> outcomes = new ArrayList<>();
    final List<SteeringEvent> steered = new ArrayList<>();
    SteeringSettings steering = SteeringSettings.OFF;
    /** On a busy machine a test must not end at the deadline. */
    PolicyConfig policy = PolicyConfig.DEFAULT.withAdmissionDeadline(Duration.ofMinutes(5));

    BackgroundVerification background = BackgroundVerification.NONE;
    List<CustomKind> customKinds = List.of(new CustomKind("argoproj.io", "*", "Rollout", "spec.template.spec"));

    /** What the API server would make of the answer to this review. */
    Answer answer(Reviews review) {
        return answer(review.bytes());
    }

    Answer answer(byte[] body) {
        AdmissionResponse answer = handler().handle(body).join();
        assertThat(answer.status()).describedAs(() -> new String(answer.body())).isEqualTo(200);
        return new Answer(json(answer));
    }

    /** What the API server would make of the answer of the mutating webhook to this review. */
    Answer steer(Reviews review) {
        AdmissionHandler handler = handler();
        AdmissionResponse answer = handler.steer(handler.read(new ByteArrayInputStream(review.bytes())))
                .join();
        assertThat(answer.status()).describedAs(() -> new String(answer.body())).isEqualTo(200);
        return new Answer(json(answer));
    }

    AdmissionHandler handler() {
        return handler(registry);
    }

    AdmissionHandler handler(Registry from) {
        return new AdmissionHandler(
                new WorkloadReader(customKinds),
                reviewer(from),
                cluster.view(),
                () -> policy,
                background,
                outcomes::add,
                steering,
                steered::add);
    }

    static WorkloadAssessor reviewer(Registry from) {
        return new WorkloadAssessor(
                new EngineAssessor("docker.io", new ImageResolver(from, new DocumentReader()), new Judge()));
    }

    AdmissionEvent lastOutcome() {
        return outcomes.get(outcomes.size() - 1);
    }

    static JsonNode json(AdmissionResponse answer) {
        try {
            return new ObjectMapper().readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An AdmissionReview's response. */
    record Answer(JsonNode review) {

        JsonNode response() {
            return review.path("response");
        }

        boolean allowed() {
            return response().path("allowed").asBoolean();
        }

        String message() {
            return response().path("status").path("message").asText();
        }

        List<String> warnings() {
            List<String> warnings = new ArrayList<>();
            response().path("warnings").forEach(warning -> warnings.add(warning.asText()));
            return warnings;
        }

        /** The operations of the patch; none if there is no patch. */
        JsonNode patch() {
            try {
                return response().has("patch")
                        ? new ObjectMapper().readTree(response().path("patch").binaryValue())
                        : new ObjectMapper().createArrayNode();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String audit(String key) {
            return response().path("auditAnnotations").path(key).asText();
        }
    }
}
