package dev.stowage.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123Z");

    @Test
    void standsNextToItsObject() {
        ObjectReference secret = new ObjectReferenceBuilder()
                .withKind("Secret")
                .withNamespace("stowage")
                .withName("tls")
                .build();

        Event event = Events.of(secret, "stowage-tls-", "Warning", "SecretRepaired", "It was damaged.", NOW);

        assertThat(event.getMetadata().getNamespace()).isEqualTo("stowage");
        assertThat(event.getMetadata().getGenerateName()).isEqualTo("stowage-tls-");
        assertThat(event.getInvolvedObject()).isEqualTo(secret);
        assertThat(event.getType()).isEqualTo("Warning");
        assertThat(event.getReason()).isEqualTo("SecretRepaired");
        assertThat(event.getMessage()).isEqualTo("It was damaged.");
        assertThat(event.getFirstTimestamp()).isEqualTo("2026-01-01T00:00:00Z").isEqualTo(event.getLastTimestamp());
        assertThat(event.getSource().getComponent()).isEqualTo("stowage");
        assertThat(event.getReportingComponent()).isEqualTo("stowage.dev");
    }

    @Test
    void aboutAnObjectWithoutNamespaceItIsInDefault() {
        assertThat(Events.of(new ObjectReference(), "stowage-", "Normal", "Test", "", NOW)
                        .getMetadata()
                        .getNamespace())
                .isEqualTo("default");
    }
}
