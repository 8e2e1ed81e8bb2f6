package dev.stowage.kube;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Kubernetes Events, which {@code kubectl describe} shows. */
public final class Events {

    private static final String COMPONENT = "stowage";

    private static final String INSTANCE = Optional.ofNullable(System.getenv("HOSTNAME"))
            .filter(name -> !name.isBlank())
            .orElse(COMPONENT);

    private Events() {}

    /**
     * An Event, to be created.
     *
     * @param regarding the object
     * @param prefix how the Event's name starts
     * @param type {@code Normal} or {@code Warning}
     */
    public static Event of(
            ObjectReference regarding, String prefix, String type, String reason, String message, Instant at) {
        String time = at.truncatedTo(ChronoUnit.SECONDS).toString();
        return new EventBuilder()
                .withNewMetadata()
                // Events about what has no namespace are in "default", by the API's rule.
                .withNamespace(regarding.getNamespace() == null ? "default" : regarding.getNamespace())
                .withGenerateName(prefix)
                .endMetadata()
                .withInvolvedObject(regarding)
                .withType(type)
                .withReason(reason)
                .withMessage(message)
                .withFirstTimestamp(time)
                .withLastTimestamp(time)
                .withCount(1)
                .withNewSource(COMPONENT, INSTANCE)
                .withReportingComponent("stowage.dev")
                .withReportingInstance(INSTANCE)
                .build();
    }
}
