package dev.stowage.config;

import dev.stowage.kube.ObjectName;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The settings of the serving certificate.
 *
 * @param mode its source
 * @param secretNamespace the namespace of the Secret; the pod's own when empty
 * @param secret the name of the Secret, in mode {@code MANAGED}
 * @param webhook the name of the ValidatingWebhookConfiguration whose {@code caBundle} is kept, in mode {@code MANAGED}
 * @param service the name of the Service that the API server calls
 * @param names further DNS names and IP addresses that the certificate is for
 * @param certificate the PEM file with the chain; present in mode {@code FILES}
 * @param key the PEM file with the private key; present in mode {@code FILES}
 * @param secretPath whether reviews come to a path that cannot be guessed, which takes a cluster
 * @param clientCa the CAs that must have signed the certificate of every client; empty when clients need none
 */
public record TlsSettings(
        Mode mode,
        Optional<String> secretNamespace,
        String secret,
        String webhook,
        String service,
        List<String> names,
        Optional<Path> certificate,
        Optional<Path> key,
        boolean secretPath,
        List<X509Certificate> clientCa) {

    /** The source of the certificate. */
    public enum Mode {
        /** All replicas together, in a Secret of the cluster. */
        MANAGED,
        /** Somebody else, in files. */
        FILES,
        /** This process, in memory. */
        SELF
    }

    /** A certificate of this process, in memory. */
    public static final TlsSettings OF_THIS_PROCESS = new TlsSettings(
            Mode.SELF,
            Optional.empty(),
            "stowage-tls",
            "stowage",
            "stowage",
            List.of(),
            Optional.empty(),
            Optional.empty(),
            false,
            List.of());

    public TlsSettings {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(secretNamespace, "secretNamespace");
        Objects.requireNonNull(secret, "secret");
        Objects.requireNonNull(webhook, "webhook");
        Objects.requireNonNull(service, "service");
        names = List.copyOf(names);
        clientCa = List.copyOf(clientCa);
        if (mode == Mode.FILES && (certificate.isEmpty() || key.isEmpty())) {
            throw new IllegalArgumentException("mode \"files\" needs both, certificate and key");
        }
        if (mode == Mode.SELF && secretPath) {
            throw new IllegalArgumentException(
                    "tls.secretPath is true, but in tls.mode \"self\" nobody enters the path into a webhook's configuration");
        }
    }

    /** The Secret, for a pod of this namespace. */
    public ObjectName secretIn(String ownNamespace) {
        return new ObjectName(secretNamespace.orElse(ownNamespace), secret);
    }

    /** The names that the certificate is for, in a pod of this namespace: those of the Service, and the further ones. */
    public List<String> namesIn(String ownNamespace) {
        List<String> all = new ArrayList<>();
        all.add(service + "." + ownNamespace + ".svc");
        all.add(service + "." + ownNamespace + ".svc.cluster.local");
        names.stream().filter(name -> !all.contains(name)).forEach(all::add);
        return all;
    }
}
