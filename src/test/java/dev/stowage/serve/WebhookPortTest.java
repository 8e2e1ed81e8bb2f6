package dev.stowage.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.admission.AdmissionEndpoint;
import dev.stowage.testing.Reviews;
import dev.stowage.testing.TrustingClient;
import dev.stowage.tls.CertificateAuthority;
import dev.stowage.tls.ServingCertificate;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The webhook's port as Quarkus serves it: paths, limits, cancellation, TLS and the warm-up. */
@QuarkusTest
class WebhookPortTest {

    private static final Duration LIFE = Duration.ofDays(1);

    /** Denied whatever the nodes are, and no registry is asked. */
    private static final String DENIED = review("r.example/UPPER:1");

    /** Six bytes each, as the API server writes {@code <}. */
    private static final String ESCAPES = "\\u003c".repeat(3 << 20);

    private static final String HELD = review("r.example/held:1");

    @Inject
    HttpServer server;

    @Inject
    QuarkusTestBeans beans;

    @Inject
    CertificateReloader reloader;

    @Inject
    WarmUp warmUp;

    @Inject
    MeterRegistry meters;

    @AfterEach
    void restore() {
        serve(QuarkusTestBeans.issue(beans.authority));
        assertThat(meters.get(AdmissionEndpoint.IN_FLIGHT).gauge().value()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a body is read as it arrives: one of 18 MiB, most of it escapes, is answered like a small one")
    void large(Version version) throws Exception {
        String body = DENIED.replace("\"metadata\":{", "\"metadata\":{\"managedFields\":\"" + ESCAPES + "\",");
        assertThat(body.length()).isGreaterThan(17 << 20);
        HttpResponse<String> response = client(version).post(body);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("\"allowed\":false").contains("is not a valid image reference");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("many large bodies at once are answered, a few at a time")
    void manyLarge(Version version) throws Exception {
        String body = DENIED.replace(
                "\"metadata\":{", "\"metadata\":{\"managedFields\":\"" + ESCAPES.substring(0, 6 << 17) + "\",");
        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            calls.add(client(version).postAsync(body));
        }
        for (CompletableFuture<HttpResponse<String>> call : calls) {
            assertThat(call.get(60, TimeUnit.SECONDS).body()).contains("\"allowed\":false");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 1_000_000})
    @DisplayName("a client that announces a body and sends none keeps no place")
    void silentClient(int length) throws Exception {
        try (SSLSocket socket = (SSLSocket) TrustingClient.trusting(beans.authority.certificatePem())
                .getSocketFactory()
                .createSocket("127.0.0.1", server.getSecurePort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(("POST /validate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                                    + length + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 408".length());
            assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 408");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("requests that are answered at once give their places back")
    void answeredAtOnce(Version version) throws Exception {
        TestClient client = client(version);
        for (int i = 0; i < 600; i++) {
            assertThat(client.send("GET", "/validate").statusCode()).isEqualTo(405);
        }
        assertThat(client.post(DENIED).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a body beyond all bounds is refused")
    void tooLarge(Version version) {
        TestClient client = client(version);
        try {
            assertThat(client.post(new byte[(64 << 20) + 1], "application/json").statusCode())
                    .isEqualTo(413);
        } catch (Exception e) {
            // the connection may be closed before the response is read
            assertThat(e).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("another path is 404, another method is 405")
    void pathAndMethod(Version version) throws Exception {
        TestClient client = client(version);
        assertThat(client.send("POST", "/").statusCode()).isEqualTo(404);
        for (String path :
                List.of("/validate/pods", "/validate/", "/warm-up/x/y", "/warm-up/" + UUID.randomUUID() + "/y")) {
            assertThat(client.send("POST", path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(client.send("GET", "/validate").statusCode()).isEqualTo(405);
        assertThat(client.post(DENIED).body()).contains("\"allowed\":false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health/ready", "/metrics", "/ca.pem"})
    @DisplayName("probes and metrics are on the management port alone")
    void management(String path) throws Exception {
        assertThat(client(Version.HTTP_1_1).send("GET", path).statusCode()).isEqualTo(404);
        HttpResponse<String> managed = java.net.http.HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getManagementPort() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(managed.statusCode()).isIn(200, 503);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("when the client goes away, the work for it is cancelled")
    void clientGoesAway(Version version) throws Exception {
        CompletableFuture<HttpResponse<String>> call = client(version).postAsync(HELD);
        CompletableFuture<?> work = beans.held.poll(20, TimeUnit.SECONDS);
        assertThat(meters.get(AdmissionEndpoint.IN_FLIGHT).gauge().value()).isOne();
        call.cancel(true);
        assertThat(work.handle((answer, failure) -> true).get(20, TimeUnit.SECONDS))
                .isTrue();
        assertThat(work).isCancelled();
        assertThat(client(version).post(DENIED).statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("the warm-up leaves no trace, and its path is found by nobody else")
    void warmUp() throws Exception {
        warmUp.run(Optional.empty()).toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);

        assertThat(meters.find("stowage.admission.review").meters()).isEmpty();
        assertThat(beans.held).isEmpty();
        assertThat(client(Version.HTTP_1_1).send("POST", "/warm-up/x").statusCode())
                .isEqualTo(404);
    }

    @Test
    @DisplayName("another certificate is served at once, over HTTP/2 too, and standing connections go on")
    void swapsCertificate() throws Exception {
        TestClient standing = client(Version.HTTP_2);
        assertThat(standing.post(DENIED).statusCode()).isEqualTo(200);
        CertificateAuthority next = CertificateAuthority.create(Clock.systemUTC(), LIFE);
        ServingCertificate swapped = QuarkusTestBeans.issue(next);
        serve(swapped);
        assertThat(standing.post(DENIED).statusCode()).isEqualTo(200);
        HttpResponse<String> fresh = new TestClient(server.getSecurePort(), next, Version.HTTP_2).post(DENIED);
        assertThat(fresh.version()).isEqualTo(Version.HTTP_2);
        assertThat(fresh.sslSession().orElseThrow().getPeerCertificates()[0]).isEqualTo(swapped.certificate());
        assertThatThrownBy(() -> client(Version.HTTP_2).post(DENIED)).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    @DisplayName("whoever connects while certificates are swapped is served")
    void swapsUnderLoad() throws Exception {
        AtomicBoolean swapping = new AtomicBoolean(true);
        AtomicInteger connections = new AtomicInteger();
        CompletableFuture<Void> client = CompletableFuture.runAsync(() -> {
            while (swapping.get()) {
                try {
                    assertThat(client(Version.HTTP_1_1).post(DENIED).statusCode())
                            .isEqualTo(200);
                    connections.incrementAndGet();
                } catch (Exception e) {
                    throw new CompletionException(e);
                }
            }
        });
        for (int swap = 0; swap < 50; swap++) {
            int before = connections.get();
            serve(QuarkusTestBeans.issue(beans.authority));
            while (connections.get() < before + 2 && !client.isDone()) {
                Thread.onSpinWait();
            }
        }
        swapping.set(false);
        client.get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    @DisplayName("a given certificate may have any kind of key, and is swapped for one of another kind")
    void kindsOfKey(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        KeyPair key = generator.generateKeyPair();
        X500Name name = new X500Name("CN=given");
        X509CertificateHolder made = new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.ONE,
                        Date.from(Instant.now().minus(LIFE)),
                        Date.from(Instant.now().plus(LIFE)),
                        name,
                        key.getPublic())
                .addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")))
                .build(new JcaContentSignerBuilder(
                                Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "Ed25519", "Ed25519")
                                        .get(algorithm))
                        .build(key.getPrivate()));
        String chain = pem("CERTIFICATE", made.getEncoded());
        ServingCertificate given = ServingCertificate.parse(
                chain, pem("PRIVATE KEY", key.getPrivate().getEncoded()));
        serve(given);
        HttpResponse<String> answer = TrustingClient.of(chain, Version.HTTP_2)
                .send(
                        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.getSecurePort() + "/validate"))
                                .POST(HttpRequest.BodyPublishers.ofString(DENIED))
                                .header("Content-Type", "application/json")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.sslSession().orElseThrow().getPeerCertificates()[0]).isEqualTo(given.certificate());
    }

    private static String pem(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + type + "-----\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    @DisplayName("TLS 1.2 and 1.3 are spoken")
    void tlsVersions(String version) throws Exception {
        assertThat(handshake(version).getNotAfter()).isNotNull();
    }

    @Test
    @DisplayName("TLS 1.1 is not")
    void oldTls() {
        assertThatThrownBy(() -> handshake("TLSv1.1")).isInstanceOf(SSLHandshakeException.class);
    }

    private X509Certificate handshake(String version) throws Exception {
        try (SSLSocket socket = (SSLSocket) TrustingClient.trusting(beans.authority.certificatePem())
                .getSocketFactory()
                .createSocket("127.0.0.1", server.getSecurePort())) {
            SSLParameters parameters = new SSLParameters();
            parameters.setProtocols(new String[] {version});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private TestClient client(Version version) {
        return new TestClient(server.getSecurePort(), beans.authority, version);
    }

    private void serve(ServingCertificate certificate) {
        beans.becomes(certificate);
        reloader.reload();
    }

    private static String review(String image) {
        return new String(Reviews.create(Reviews.pod("main=" + image)).bytes(), StandardCharsets.UTF_8);
    }
}
