package dev.stowage.serve;

import dev.stowage.tls.CertificateAuthority;
import dev.stowage.tls.ServingCertificate;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;

/**
 * Where client CAs are configured ({@code tls.clientCa}), the webhook's port accepts only clients whose certificate one of them signed,
 * and the warm-up of this process, which has a certificate of its own that is never stored.
 */
@Singleton
final class ClientAuthentication implements HttpServerOptionsCustomizer {

    /** Longer than a process runs before its start-up is over, however often that is tried. */
    private static final Duration LIFE = Duration.ofDays(365);

    private final List<X509Certificate> clientCa;
    private final CertificateAuthority ownAuthority;
    private final Optional<ServingCertificate> ownCertificate;

    ClientAuthentication(ServeConfig config) {
        clientCa = config.settings().tls().clientCa();
        ownAuthority = CertificateAuthority.create(Clock.systemUTC(), LIFE);
        ownCertificate = clientCa.isEmpty()
                ? Optional.empty()
                : Optional.of(ownAuthority.issueForClient(List.of("stowage"), Clock.systemUTC(), LIFE));
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        if (!clientCa.isEmpty()) {
            options.setClientAuth(ClientAuth.REQUIRED).setTrustOptions(trust());
        }
    }

    /** Adds the certificate that this process shows to itself, where one is required. */
    HttpClientOptions identify(HttpClientOptions options) {
        ownCertificate.ifPresent(own -> options.setKeyCertOptions(new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(own.chainPem()))
                .addKeyValue(Buffer.buffer(own.keyPem()))));
        return options;
    }

    private TrustOptions trust() {
        try {
            KeyStore store = ReloadableKeyManager.emptyKeyStore();
            for (int i = 0; i < clientCa.size(); i++) {
                store.setCertificateEntry("client-ca-" + i, clientCa.get(i));
            }
            store.setCertificateEntry("own", ownAuthority.certificate());
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return TrustOptions.wrap(factory.getTrustManagers()[0]);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has PKIX trust managers", e);
        }
    }
}
