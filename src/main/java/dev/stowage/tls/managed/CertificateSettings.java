package dev.stowage.tls.managed;

import dev.stowage.kube.ObjectName;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The settings of the shared certificate.
 *
 * @param secret the Secret
 * @param webhook the name of the ValidatingWebhookConfiguration
 * @param names the DNS names and IP addresses that the API server calls, at least one
 * @param authorityLife the lifetime of an authority
 * @param certificateLife the longest lifetime of a serving certificate
 * @param overlap how long a new CA must have been in {@code caBundle} before anything that it signed is served
 * @param checkInterval how often to check while changes cannot be watched
 * @param secretPath whether reviews come to a path that cannot be guessed, rather than to {@code /validate}
 * @param steering whether there is a MutatingWebhookConfiguration of the same name, too
 */
public record CertificateSettings(
        ObjectName secret,
        String webhook,
        List<String> names,
        Duration authorityLife,
        Duration certificateLife,
        Duration overlap,
        Duration checkInterval,
        boolean secretPath,
        boolean steering) {

    public CertificateSettings {
        Objects.requireNonNull(secret, "secret");
        Objects.requireNonNull(webhook, "webhook");
        names = List.copyOf(names);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a serving certificate needs a name");
        }
    }

    /** An authority for five years, certificates for 90 days, an overlap of a minute, a check every five seconds. */
    public static CertificateSettings of(
            ObjectName secret, String webhook, List<String> names, boolean secretPath, boolean steering) {
        return new CertificateSettings(
                secret,
                webhook,
                names,
                Duration.ofDays(5 * 365),
                Duration.ofDays(90),
                Duration.ofMinutes(1),
                Duration.ofSeconds(5),
                secretPath,
                steering);
    }
}
