package dev.stowage.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.oci.DocumentReader;
import dev.stowage.registry.Keyring;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.testing.MemoryRegistry;
import dev.stowage.testing.Shape;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of shapes: what Stowage says of each, for nodes of several profiles. */
class ShapesTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.stowage.testing.Shapes#all")
    void everyShapeGetsTheVerdictOfItsRow(Shape shape) {
        MemoryRegistry registry = new MemoryRegistry();
        String reference = "registry.example/shapes" + shape.store(registry);

        ImageAssessment assessment = assessor(registry)
                .assess(
                        reference,
                        Assessor.Purpose.RUN,
                        shape.expected().keySet(),
                        Assessor.Verification.MANIFESTS,
                        Keyring.ANONYMOUS,
                        Deadline.in(Duration.ofSeconds(10)))
                .join();

        Map<Object, String> said = new LinkedHashMap<>();
        assessment.verdicts().forEach((profile, verdict) -> said.put(profile, inShort(verdict)));
        assertThat(said).describedAs("%s", assessment).isEqualTo(shape.expected());
    }

    static Assessor assessor(MemoryRegistry registry) {
        return new EngineAssessor("docker.io", new ImageResolver(registry, new DocumentReader()), new Judge());
    }

    private static String inShort(Verdict verdict) {
        if (verdict instanceof Verdict.Runs) {
            return verdict.message().isEmpty() ? "Runs" : "Runs +";
        }
        return verdict.label() + " " + verdict.reason().label();
    }
}
