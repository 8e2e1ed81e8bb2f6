package dev.stowage.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** HTTPS clients that trust one authority, as the API server trusts a hook's {@code caBundle}. */
public final class TrustingClient {

    /** How long a test waits for what should come at once. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private TrustingClient() {}

    /** A client that trusts this authority (PEM) and no other. */
    public static HttpClient of(String caPem, HttpClient.Version version) {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(trusting(caPem))
                .connectTimeout(PATIENCE)
                .build();
    }

    /** What makes TLS trust this authority (PEM) and no other. */
    public static SSLContext trusting(String caPem) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry(
                    "ca",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(caPem.getBytes(StandardCharsets.US_ASCII))));
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
