package dev.stowage.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.admission.AdmissionAnswer;
import dev.stowage.testing.TrustingClient;
import dev.stowage.tls.CertificateAuthority;
import dev.stowage.tls.ServingCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemTrustOptions;
import java.math.BigInteger;
import java.net.ServerSocket;
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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookServerTest {

    private static final Duration LIFE = Duration.ofDays(1);

    private final CertificateAuthority authority = CertificateAuthority.create(Clock.systemUTC(), LIFE);
    private final Vertx vertx = Vertx.vertx();
    private final Reviews reviews = new Reviews();
    /** Ends only when every review was counted out again: what is miscounted shows in {@link #stop()}. */
    private final ServerSettings settings = new ServerSettings("127.0.0.1", 0, 1, Duration.ZERO, Duration.ofDays(1));

    private final WebhookServer server = new WebhookServer(vertx, settings, reviews);

    private int port;

    @BeforeEach
    void start() {
        port = server.start(certificate(authority)).join();
    }

    @AfterEach
    void stop() throws Exception {
        reviews.answerAll();
        server.drain().get(20, TimeUnit.SECONDS);
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a review is answered over both versions of HTTP")
    void answers(Version version) throws Exception {
        HttpResponse<String> response = client(version).post("{}");
        assertThat(response.version()).isEqualTo(version);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.body()).isEqualTo("application/json 2");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("fault 15: an object of 3 MB, old and new, is read")
    void largeReview(Version version) throws Exception {
        byte[] large = new byte[(6 << 20) + 100_000];
        assertThat(client(version).post(large, "application/json").body())
                .isEqualTo("application/json " + large.length);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("fault 15: a body beyond all bounds is refused with a sentence")
    void tooLarge(Version version) throws Exception {
        HttpResponse<String> response = client(version).post(new byte[(8 << 20) + 1], "application/json");
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).isEqualTo("an AdmissionReview has at most 8388608 bytes\n");
        assertThat(client(version).post("{}").statusCode()).as("afterwards").isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("fault 15: a request without Content-Type gets to the handler, which says so")
    void noContentType(Version version) throws Exception {
        assertThat(client(version).post(new byte[3], "").body()).isEqualTo(" 3");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("another path is 404, another method is 405 and says which is right")
    void pathAndMethod(Version version) throws Exception {
        TestClient client = client(version);
        assertThat(client.send("POST", "/").statusCode()).isEqualTo(404);
        assertThat(client.send("POST", "/validate/pods").statusCode()).isEqualTo(404);
        HttpResponse<String> got = client.send("GET", "/validate");
        assertThat(got.statusCode()).isEqualTo(405);
        assertThat(got.headers().firstValue("allow")).contains("POST");
        assertThat(client.send("POST", "/validate?timeout=10s").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"throw", "fail"})
    @DisplayName("a fault of the handler is an error and the server goes on")
    void handlerFails(String how) throws Exception {
        HttpResponse<String> response = client(Version.HTTP_2).post(how);
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).doesNotContain("secret");
        assertThat(client(Version.HTTP_2).post("{}").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("fault 16: when the client goes away, the work for it is cancelled")
    void clientGoesAway(Version version) throws Exception {
        CompletableFuture<HttpResponse<String>> call = client(version).postAsync("wait");
        CompletableFuture<AdmissionAnswer> work = reviews.waiting.poll(20, TimeUnit.SECONDS);
        call.cancel(true);
        assertThat(ended(work)).isTrue();
        assertThat(work.isCancelled()).isTrue();
        assertThat(client(version).post("{}").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpVersion.class,
            names = {"HTTP_1_1", "HTTP_2"})
    @DisplayName("fault 38: reviews under way when the server is stopped are answered")
    void drains(HttpVersion version) throws Exception {
        // Java's own client fails everything on GOAWAY; this one, as Go's does, lets what was begun end.
        HttpClient client = vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(version)
                .setSsl(true)
                .setUseAlpn(true)
                .setMaxPoolSize(20)
                .setPemTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(authority.certificatePem()))));
        List<CompletableFuture<Integer>> calls = new ArrayList<>();
        List<CompletableFuture<AdmissionAnswer>> work = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(client.request(HttpMethod.POST, port, "127.0.0.1", "/validate")
                    .compose(request -> request.send("wait"))
                    .compose(response -> response.body().map(body -> response.statusCode()))
                    .toCompletionStage()
                    .toCompletableFuture());
            work.add(reviews.waiting.poll(20, TimeUnit.SECONDS));
        }
        CompletableFuture<Void> drained = server.drain();
        assertThat(server.isServing()).isFalse();
        assertThat(drained).isNotDone();
        work.forEach(Reviews::answer);
        for (CompletableFuture<Integer> call : calls) {
            assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo(200);
        }
        drained.get(20, TimeUnit.SECONDS);
        TestClient late = new TestClient(port, authority, Version.HTTP_1_1);
        // refused, or by then answered by whoever was given the port next, who knows nothing of TLS
        assertThatThrownBy(() -> late.post("{}")).isInstanceOf(java.io.IOException.class);
    }

    @Test
    @DisplayName("fault 28: while it drains it answers, and its HTTP/1.1 clients take other connections from then on")
    void leaves() throws Exception {
        ServerSettings patient = new ServerSettings("127.0.0.1", 0, 1, Duration.ofDays(1), Duration.ofDays(1));
        WebhookServer other = new WebhookServer(vertx, patient, reviews);
        TestClient client = new TestClient(other.start(certificate(authority)).join(), authority, Version.HTTP_1_1);
        assertThat(client.post("{}").headers().firstValue("connection")).isEmpty();

        CompletableFuture<Void> drained = other.drain();

        HttpResponse<String> last = client.post("{}");
        assertThat(last.statusCode()).isEqualTo(200);
        assertThat(last.headers().firstValue("connection")).contains("close");
        assertThat(client.post("{}").statusCode()).isEqualTo(200);
        assertThat(drained).isNotDone();
    }

    @Test
    @DisplayName("fault 38: a review that never ends does not keep the server")
    void drainTimeout() throws Exception {
        ServerSettings hasty = new ServerSettings("127.0.0.1", 0, 2, Duration.ofMillis(1), Duration.ofMillis(1));
        WebhookServer other = new WebhookServer(vertx, hasty, reviews);
        int port = other.start(certificate(authority)).join();
        CompletableFuture<HttpResponse<String>> call =
                new TestClient(port, authority, Version.HTTP_2).postAsync("wait");
        CompletableFuture<AdmissionAnswer> work = reviews.waiting.poll(20, TimeUnit.SECONDS);
        other.drain().get(20, TimeUnit.SECONDS);
        assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(java.io.IOException.class);
        assertThat(ended(work)).isTrue();
    }

    @Test
    @DisplayName("fault 30: another certificate is served at once, over HTTP/2 too, and standing connections go on")
    void swapsCertificate() throws Exception {
        TestClient standing = client(Version.HTTP_2);
        assertThat(standing.post("{}").statusCode()).isEqualTo(200);
        CertificateAuthority next = CertificateAuthority.create(Clock.systemUTC(), LIFE);
        ServingCertificate swapped = certificate(next);
        server.serve(swapped).join();
        assertThat(standing.post("{}").statusCode()).isEqualTo(200);
        HttpResponse<String> fresh = new TestClient(port, next, Version.HTTP_2).post("{}");
        assertThat(fresh.version()).isEqualTo(Version.HTTP_2);
        assertThat(fresh.sslSession().orElseThrow().getPeerCertificates()[0]).isEqualTo(swapped.certificate());
        assertThatThrownBy(() -> client(Version.HTTP_2).post("{}")).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    @DisplayName("fault 30: whoever connects while certificates are swapped is served")
    void swapsUnderLoad() throws Exception {
        AtomicBoolean swapping = new AtomicBoolean(true);
        AtomicInteger connections = new AtomicInteger();
        CompletableFuture<Void> client = CompletableFuture.runAsync(() -> {
            while (swapping.get()) {
                try {
                    handshake("TLSv1.3");
                    connections.incrementAndGet();
                } catch (Exception e) {
                    throw new CompletionException(e);
                }
            }
        });
        for (int swap = 0; swap < 50; swap++) {
            int before = connections.get();
            server.serve(certificate(authority)).join();
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
        server.serve(given).join();
        HttpResponse<String> answer = TrustingClient.of(chain, Version.HTTP_2)
                .send(
                        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/validate"))
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
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

    @Test
    @DisplayName("several event loops share one port")
    void eventLoops() throws Exception {
        ServerSettings several = new ServerSettings("127.0.0.1", 0, 3, Duration.ZERO, Duration.ofSeconds(10));
        WebhookServer other = new WebhookServer(vertx, several, reviews);
        int port = other.start(certificate(authority)).join();
        assertThat(port).isNotEqualTo(this.port);
        for (int i = 0; i < 6; i++) {
            assertThat(new TestClient(port, authority, Version.HTTP_1_1)
                            .post("{}")
                            .statusCode())
                    .isEqualTo(200);
        }
        CertificateAuthority next = CertificateAuthority.create(Clock.systemUTC(), LIFE);
        other.serve(certificate(next)).join();
        for (int i = 0; i < 6; i++) {
            assertThat(new TestClient(port, next, Version.HTTP_1_1).post("{}").statusCode())
                    .isEqualTo(200);
        }
        other.drain().get(20, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("a port that is taken is said to be")
    void portTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            ServerSettings settings =
                    new ServerSettings("0.0.0.0", taken.getLocalPort(), 2, Duration.ZERO, Duration.ZERO);
            WebhookServer other = new WebhookServer(vertx, settings, reviews);
            assertThatThrownBy(() -> other.start(certificate(authority)).join())
                    .isInstanceOf(CompletionException.class)
                    .hasMessageContaining("in use");
            other.drain().get(20, TimeUnit.SECONDS);
        }
    }

    private X509Certificate handshake(String version) throws Exception {
        try (SSLSocket socket = (SSLSocket) TrustingClient.trusting(authority.certificatePem())
                .getSocketFactory()
                .createSocket("127.0.0.1", port)) {
            SSLParameters parameters = new SSLParameters();
            parameters.setProtocols(new String[] {version});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private TestClient client(Version version) {
        return new TestClient(port, authority, version);
    }

    private static ServingCertificate certificate(CertificateAuthority authority) {
        return authority.issue(List.of("127.0.0.1"), Clock.systemUTC(), LIFE);
    }

    private static boolean ended(CompletableFuture<?> work) throws Exception {
        return work.handle((answer, failure) -> true).get(20, TimeUnit.SECONDS);
    }

    /** Says how long the body was, unless the body says otherwise. */
    private static final class Reviews implements ReviewHandler {

        private final BlockingQueue<CompletableFuture<AdmissionAnswer>> waiting = new LinkedBlockingQueue<>();

        @Override
        public CompletableFuture<AdmissionAnswer> handle(byte[] body, String contentType) {
            String text = body.length > 10 ? "" : new String(body, StandardCharsets.UTF_8);
            switch (text) {
                case "throw":
                    throw new IllegalStateException("secret");
                case "fail":
                    return CompletableFuture.failedFuture(new IllegalStateException("secret"));
                case "wait":
                    CompletableFuture<AdmissionAnswer> answer = new CompletableFuture<>();
                    waiting.add(answer);
                    return answer;
                default:
                    return CompletableFuture.completedFuture(answer(contentType + " " + body.length));
            }
        }

        void answerAll() {
            waiting.forEach(Reviews::answer);
        }

        static void answer(CompletableFuture<AdmissionAnswer> waiting) {
            waiting.complete(answer("waited"));
        }

        private static AdmissionAnswer answer(String text) {
            return new AdmissionAnswer(200, "application/json", text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
