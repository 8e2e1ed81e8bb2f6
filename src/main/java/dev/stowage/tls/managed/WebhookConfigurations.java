package dev.stowage.tls.managed;

import dev.stowage.log.ThrottledLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Reads the configurations by which API servers call Stowage: the validating one and, where pods are steered, the mutating one. */
final class WebhookConfigurations {

    private static final String WEBHOOK = "webhook's configuration";
    private static final String STEERING = "mutating webhook's configuration";

    private final CertificateApi api;
    private final ThrottledLog problems;
    private final boolean steering;

    /** @param steering whether there is a mutating one */
    WebhookConfigurations(CertificateApi api, ThrottledLog problems, boolean steering) {
        this.api = api;
        this.problems = problems;
        this.steering = steering;
    }

    /**
     * Reads those that there are.
     *
     * @param failure is notified of the matter and the reason where one cannot be read
     */
    List<WebhookConfiguration> read(BiConsumer<String, ApiException> failure) {
        List<WebhookConfiguration> found = new ArrayList<>();
        try {
            api.webhook().ifPresentOrElse(found::add, () -> missing(WEBHOOK, api.webhookName(), "sends reviews"));
        } catch (ApiException e) {
            failure.accept(WEBHOOK, e);
        }
        if (steering) {
            try {
                Optional<WebhookConfiguration> mutating = api.steering();
                mutating.ifPresentOrElse(found::add, () -> missing(STEERING, api.steeringName(), "has pods steered"));
            } catch (ApiException e) {
                failure.accept(STEERING, e);
            }
        }
        return found;
    }

    private void missing(String matter, String name, String effect) {
        problems.report(
                matter, name + " (tls.webhook) does not exist, so no API server " + effect + "; waiting for it");
    }

    /** The matter of this one in the log. */
    String matter(WebhookConfiguration webhook) {
        return api.nameOf(webhook).equals(api.webhookName()) ? WEBHOOK : STEERING;
    }

    /** It is as it should be. */
    void resolve(WebhookConfiguration webhook) {
        problems.resolve(matter(webhook));
    }
}
