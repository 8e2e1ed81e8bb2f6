package dev.stowage.config;

import dev.stowage.config.Converters.SecretName;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The serving certificate of the webhook. */
public interface TlsConfig {

    /** Which side maintains it; by default {@code managed} in a cluster, {@code self} elsewhere. */
    Optional<TlsSettings.Mode> mode();

    /** The Secret that the replicas share, as {@code name} in the pod's own namespace or {@code namespace/name}. */
    @WithDefault("stowage-tls")
    @WithConverter(SecretName.class)
    String secret();

    /** The ValidatingWebhookConfiguration whose {@code caBundle} and path are kept up to date. */
    @WithDefault("stowage")
    String webhook();

    /** The Service that the API server calls. */
    @WithDefault("stowage")
    String service();

    /** Further DNS names and IP addresses of the certificate. */
    Optional<List<String>> subjectAltNames();

    /** A PEM file with the certificate and its intermediates. */
    Optional<Path> certificateFile();

    /** A PEM file with its private key. */
    Optional<Path> keyFile();

    /** Whether reviews come to a path that cannot be guessed; by default in mode {@code managed}. */
    Optional<Boolean> secretPath();

    /** Certificates of the CAs of the API servers' client certificates, or a file with them; without them no client shows one. */
    Optional<Certificates> clientCa();
}
