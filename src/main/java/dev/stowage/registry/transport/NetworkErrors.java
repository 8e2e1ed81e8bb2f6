package dev.stowage.registry.transport;

import dev.stowage.async.Causes;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.transport.ExchangeResult.Blame;
import dev.stowage.registry.transport.ExchangeResult.Failure;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/** Describes why no response came, with cause and fix; the one place that knows Java's network errors. */
final class NetworkErrors {

    private NetworkErrors() {}

    /**
     * Why a request broke.
     *
     * @param host the host that was contacted
     * @param configured the name under which it would be configured
     * @param received how many bytes of a body had come
     */
    static Failure of(Throwable error, String host, String configured, long received) {
        Optional<ContentEncoding.UndecodableException> undecodable =
                Causes.find(error, ContentEncoding.UndecodableException.class);
        if (undecodable.isPresent()) {
            return undecodable.get().failure(host);
        }
        Optional<UnwritableFileException> unwritable = Causes.find(error, UnwritableFileException.class);
        if (unwritable.isPresent()) {
            return Failure.policy(
                    Kind.UNAVAILABLE, String.valueOf(unwritable.get().getMessage()));
        }
        Optional<Failure> connection = connection(error, host, configured);
        if (connection.isPresent()) {
            return connection.get().withBlame(Blame.HOST);
        }
        if (Causes.find(error, ProtocolException.class).isPresent()) {
            return Failure.permanent(
                    Kind.UNAVAILABLE, host + " does not respond as an HTTP server: check host and port");
        }
        if (received > 0 || Causes.find(error, EOFException.class).isPresent()) {
            return Failure.retryable(
                    Kind.UNAVAILABLE, "the response of " + host + " ended early, after " + received + " bytes");
        }
        if (error instanceof IOException
                || Causes.find(error, ClosedChannelException.class).isPresent()) {
            return Failure.retryable(Kind.UNAVAILABLE, host + " closed the connection before it responded");
        }
        return Failure.permanent(
                Kind.UNAVAILABLE,
                "the request to " + host + " failed: " + error.getClass().getSimpleName());
    }

    /** A failure to connect, which says something about the host and not only about one request. */
    private static Optional<Failure> connection(Throwable error, String host, String configured) {
        if (Causes.find(error, HttpConnectTimeoutException.class).isPresent()) {
            return Optional.of(Failure.retryable(
                    Kind.UNAVAILABLE,
                    "no connection to " + host
                            + " in time: check that it is up and that firewalls, network policies and"
                            + " proxies allow the connection"));
        }
        if (Causes.find(error, UnknownHostException.class).isPresent()
                || Causes.find(error, UnresolvedAddressException.class).isPresent()) {
            return Optional.of(unresolved(host));
        }
        if (Causes.find(error, SSLException.class).isPresent()) {
            return Optional.of(tls(error, host, configured));
        }
        return Causes.find(error, ConnectException.class).map(refused -> connect(error, host));
    }

    /** A name that has no address. */
    static Failure unresolved(String host) {
        return Failure.permanent(Kind.UNAVAILABLE, "the name " + host + " does not resolve: check its spelling and DNS")
                .withBlame(Blame.HOST);
    }

    private static Failure connect(Throwable error, String host) {
        String text = messages(error);
        if (text.contains("unreachable") || text.contains("no route")) {
            return Failure.retryable(Kind.UNAVAILABLE, host + " is unreachable from here: check network and firewalls");
        }
        return Failure.retryable(
                Kind.UNAVAILABLE,
                "connection refused by " + host + ": check that the registry runs there, and the port");
    }

    private static Failure tls(Throwable error, String host, String configured) {
        String key = "registries." + configured;
        if (Causes.find(error, CertificateExpiredException.class).isPresent()) {
            return Failure.permanent(Kind.UNAVAILABLE, "the certificate of " + host + " has expired: renew it there");
        }
        if (Causes.find(error, CertificateNotYetValidException.class).isPresent()) {
            return Failure.permanent(
                    Kind.UNAVAILABLE,
                    "the certificate of " + host + " is not valid yet: check the clocks on both sides");
        }
        if (Causes.find(error, CertPathBuilderException.class).isPresent()
                || Causes.find(error, CertPathValidatorException.class).isPresent()) {
            return Failure.permanent(
                    Kind.UNAVAILABLE,
                    "the certificate of " + host + " is signed by an unknown authority: add a CA under " + key
                            + ".ca or trustedCa");
        }
        if (Causes.find(error, CertificateException.class).isPresent()) {
            return Failure.permanent(
                    Kind.UNAVAILABLE,
                    "the certificate of " + host + " is for another name: use the name in the certificate");
        }
        String text = messages(error);
        if (text.contains("unrecognized ssl message") || text.contains("plaintext connection")) {
            return Failure.permanent(
                    Kind.UNAVAILABLE, host + " serves plain HTTP: set " + key + ".insecure to allow it");
        }
        return text.contains("handshake_failure") || text.contains("protocol_version")
                ? Failure.permanent(
                        Kind.UNAVAILABLE, "no common TLS version or cipher with " + host + ": update its TLS settings")
                : Failure.retryable(Kind.UNAVAILABLE, "the TLS handshake with " + host + " failed");
    }

    private static String messages(Throwable error) {
        return Causes.chain(error)
                .map(cause -> String.valueOf(cause.getMessage()))
                .collect(Collectors.joining("\n"))
                .toLowerCase(Locale.ROOT);
    }
}
