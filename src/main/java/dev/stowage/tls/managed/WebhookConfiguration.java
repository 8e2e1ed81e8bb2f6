package dev.stowage.tls.managed;

import dev.stowage.admission.AdmissionEndpoint;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One of the two configurations by which API servers call Stowage: what their webhooks have in common.
 *
 * @param object the configuration as it was read
 * @param clients of each webhook where it is called and whom it trusts; empty if it does not say
 */
record WebhookConfiguration(HasMetadata object, List<Optional<WebhookClientConfig>> clients) {

    static WebhookConfiguration of(ValidatingWebhookConfiguration read) {
        List<ValidatingWebhook> webhooks = orNone(read.getWebhooks());
        return new WebhookConfiguration(
                read,
                webhooks.stream()
                        .map(webhook -> Optional.ofNullable(webhook.getClientConfig()))
                        .toList());
    }

    static WebhookConfiguration of(MutatingWebhookConfiguration read) {
        List<MutatingWebhook> webhooks = orNone(read.getWebhooks());
        return new WebhookConfiguration(
                read,
                webhooks.stream()
                        .map(webhook -> Optional.ofNullable(webhook.getClientConfig()))
                        .toList());
    }

    private static <T> List<T> orNone(@Nullable List<T> webhooks) {
        return webhooks == null ? List.of() : webhooks;
    }

    /** The path at which it is called if reviews come to this path. */
    String pathFor(String reviewPath) {
        return isMutating() ? AdmissionEndpoint.steeringPath(reviewPath) : reviewPath;
    }

    /** Whether it is called at a path that belongs to one of these paths of reviews. */
    Predicate<String> belongsTo(Predicate<String> reviewPaths) {
        return isMutating()
                ? path -> AdmissionEndpoint.isSteering(path) && reviewPaths.test(AdmissionEndpoint.reviewPath(path))
                : reviewPaths;
    }

    private boolean isMutating() {
        return object instanceof MutatingWebhookConfiguration;
    }
}
