package dev.stowage.tls.managed;

import dev.stowage.log.ThrottledLog;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reports repairs in Kubernetes Events, where {@code kubectl describe} shows it; at most one a minute of each. */
final class CertificateEvents {

    private static final String COMPONENT = "stowage";
    private static final String MATTER = "events";
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final CertificateApi api;
    private final ThrottledLog problems;
    private final Clock clock;
    private final String reportingInstance;
    private final Map<String, Instant> published = new HashMap<>();

    CertificateEvents(CertificateApi api, ThrottledLog problems, Clock clock) {
        this.api = api;
        this.problems = problems;
        this.clock = clock;
        this.reportingInstance = Optional.ofNullable(System.getenv("HOSTNAME"))
                .filter(name -> !name.isBlank())
                .orElse("stowage");
    }

    /** About the Secret. */
    void aboutSecret(boolean warning, String reason, String note) {
        publish(api.secretReference(), warning, reason, note);
    }

    /** About the webhook's configuration. */
    void aboutWebhook(WebhookCaBundle webhook, boolean warning, String reason, String note) {
        ObjectReference reference = new ObjectReferenceBuilder()
                .withApiVersion("admissionregistration.k8s.io/v1")
                .withKind("ValidatingWebhookConfiguration")
                .withName(webhook.configuration().getMetadata().getName())
                .withUid(webhook.configuration().getMetadata().getUid())
                .build();
        publish(reference, warning, reason, note);
    }

    private void publish(ObjectReference regarding, boolean warning, String reason, String note) {
        Instant now = clock.instant();
        Instant last = published.get(reason);
        if (last != null && Duration.between(last, now).abs().compareTo(QUIET) < 0) {
            return;
        }
        published.put(reason, now);
        try {
            api.create(event(regarding, warning ? "Warning" : "Normal", reason, note, now));
            problems.resolve(MATTER);
        } catch (ApiException e) {
            problems.report(MATTER, e.getMessage());
        }
    }

    private Event event(ObjectReference regarding, String type, String reason, String note, Instant now) {
        // Events about what has no namespace are in "default", by the API's rule.
        String namespace = regarding.getNamespace() == null ? "default" : regarding.getNamespace();
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withGenerateName("stowage-tls-")
                .endMetadata()
                .withInvolvedObject(regarding)
                .withType(type)
                .withReason(reason)
                .withMessage(note)
                .withFirstTimestamp(time)
                .withLastTimestamp(time)
                .withCount(1)
                .withNewSource(COMPONENT, reportingInstance)
                .build();
    }
}
