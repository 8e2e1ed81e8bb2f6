package dev.stowage.tls.managed;

import dev.stowage.kube.Events;
import dev.stowage.log.ThrottledLog;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Reports repairs in Kubernetes Events, where {@code kubectl describe} shows it; at most one a minute of each. */
final class CertificateEvents {

    private static final String MATTER = "events";
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final CertificateApi api;
    private final ThrottledLog problems;
    private final Clock clock;
    private final Map<String, Instant> published = new HashMap<>();

    CertificateEvents(CertificateApi api, ThrottledLog problems, Clock clock) {
        this.api = api;
        this.problems = problems;
        this.clock = clock;
    }

    /** About the Secret. */
    void aboutSecret(boolean warning, String reason, String note) {
        publish(api.secretReference(), warning, reason, note);
    }

    /** About the webhook's configuration. */
    void aboutWebhook(WebhookConfiguration webhook, boolean warning, String reason, String note) {
        ObjectReference reference = new ObjectReferenceBuilder()
                .withApiVersion("admissionregistration.k8s.io/v1")
                .withKind(webhook.object().getKind())
                .withName(webhook.object().getMetadata().getName())
                .withUid(webhook.object().getMetadata().getUid())
                .build();
        publish(reference, warning, reason, note);
    }

    private void publish(ObjectReference regarding, boolean warning, String reason, String note) {
        Instant now = clock.instant();
        String matter = regarding.getKind() + " " + reason;
        Instant last = published.get(matter);
        if (last != null && Duration.between(last, now).abs().compareTo(QUIET) < 0) {
            return;
        }
        published.put(matter, now);
        try {
            api.create(Events.of(regarding, "stowage-tls-", warning ? "Warning" : "Normal", reason, note, now));
            problems.resolve(MATTER);
        } catch (ApiException e) {
            problems.report(MATTER, e.getMessage());
        }
    }
}
