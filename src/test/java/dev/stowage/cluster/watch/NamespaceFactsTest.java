package dev.stowage.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.kube.OddObjects;
import dev.stowage.testing.LogCapture;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import org.junit.jupiter.api.Test;

class NamespaceFactsTest {

    @Test
    void theAnnotationIsKeptAsItStandsThere() {
        assertThat(NamespaceFacts.of(namespace("shop", "linux/amd64, linux/arm64"))
                        .platforms())
                .contains("linux/amd64, linux/arm64");
        assertThat(NamespaceFacts.of(namespace("shop", "x".repeat(100_000)))
                        .platforms()
                        .orElseThrow())
                .as("bounded, and still too long")
                .hasSize(513);
    }

    @Test
    void oneThatIsNotValidIsLogged() {
        try (LogCapture log = new LogCapture(OddObjects.class)) {
            NamespaceFacts.of(namespace("right", "linux/amd64"));
            NamespaceFacts.of(namespace("wrong", "amd64\n"));

            assertThat(log.lines())
                    .containsExactly(
                            "Namespace wrong has the annotation stowage.dev/platforms=\"amd64\\u000a\", which is not a"
                                    + " list of platforms such as linux/amd64,linux/arm64; it has no effect");
        }
    }

    private static Namespace namespace(String name, String platforms) {
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .addToAnnotations("stowage.dev/platforms", platforms)
                .endMetadata()
                .build();
    }
}
