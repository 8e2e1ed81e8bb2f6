package dev.stowage.serve;

import dev.stowage.admission.AdmissionEndpoint;
import dev.stowage.admission.ReviewPaths;
import dev.stowage.config.TlsSettings;
import dev.stowage.kube.OwnNamespace;
import dev.stowage.tls.CertificateSource;
import dev.stowage.tls.InvalidPemException;
import dev.stowage.tls.managed.CertificateMetrics;
import dev.stowage.tls.managed.CertificateSettings;
import dev.stowage.tls.managed.SharedCertificate;
import dev.stowage.tls.managed.SharedReviewPath;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Creates the source of certificates for the configured {@code tls.mode}. */
public final class CertificateSources {

    private CertificateSources() {}

    /**
     * Makes it and starts it; it is the caller's to close.
     *
     * @param steering whether there is a mutating webhook, too
     * @param environment the environment's variables, which may name the pod's namespace
     * @param client the cluster; used only if the certificate is kept there
     */
    static CertificateSource of(
            TlsSettings tls,
            boolean steering,
            Map<String, String> environment,
            Supplier<KubernetesClient> client,
            Clock clock,
            MeterRegistry meters) {
        String own = OwnNamespace.orUsual(environment);
        return switch (tls.mode()) {
            case FILES ->
                new FileCertificate(tls.certificate().orElseThrow(), tls.key().orElseThrow());
            case SELF -> {
                List<String> names = new ArrayList<>(tls.namesIn(own));
                names.addAll(List.of("localhost", "127.0.0.1"));
                yield new SelfSignedCertificate(names, clock);
            }
            case MANAGED ->
                SharedCertificate.start(
                        client.get(),
                        CertificateSettings.of(
                                tls.secretIn(own), tls.webhook(), tls.namesIn(own), tls.secretPath(), steering),
                        clock,
                        new CertificateMetrics(meters));
        };
    }

    /**
     * The paths that reviews come to; started with it, and the caller's to close if it is {@link AutoCloseable}.
     *
     * @param certificates the source of the same settings, which keeps the path, too, in mode {@code managed}
     */
    static ReviewPaths paths(
            TlsSettings tls,
            boolean steering,
            CertificateSource certificates,
            Map<String, String> environment,
            Supplier<KubernetesClient> client,
            Clock clock,
            MeterRegistry meters) {
        if (certificates instanceof SharedCertificate shared) {
            return shared;
        }
        return tls.secretPath()
                ? SharedReviewPath.start(
                        client.get(),
                        tls.secretIn(OwnNamespace.orUsual(environment)),
                        tls.webhook(),
                        steering,
                        clock,
                        new CertificateMetrics(meters))
                : AdmissionEndpoint.PATH::equals;
    }

    /**
     * Reads a certificate that is kept in files, so that one that cannot be served stops the start with a sentence.
     *
     * @throws IOException when a file cannot be read
     * @throws InvalidPemException when it is not a certificate with its key
     */
    public static void check(TlsSettings tls) throws IOException, InvalidPemException {
        if (tls.mode() == TlsSettings.Mode.FILES) {
            new FileCertificate(tls.certificate().orElseThrow(), tls.key().orElseThrow()).current();
        }
    }
}
