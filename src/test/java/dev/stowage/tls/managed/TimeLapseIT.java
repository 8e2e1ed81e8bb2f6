package dev.stowage.tls.managed;

import static dev.stowage.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.admission.AdmissionHandler;
import dev.stowage.admission.AdmissionObserver;
import dev.stowage.admission.BackgroundVerification;
import dev.stowage.assessment.WorkloadAssessor;
import dev.stowage.oci.DocumentReader;
import dev.stowage.policy.PolicyConfig;
import dev.stowage.resolve.ImageResolver;
import dev.stowage.serve.TestWebhook;
import dev.stowage.testing.FakeCluster;
import dev.stowage.testing.MemoryRegistry;
import dev.stowage.testing.OneKubernetesVersion;
import dev.stowage.testing.RequiresApiServer;
import dev.stowage.testing.Reviews;
import dev.stowage.testing.TravelClock;
import dev.stowage.tls.CaBundle;
import dev.stowage.verdict.EngineAssessor;
import dev.stowage.verdict.Judge;
import dev.stowage.workload.WorkloadReader;
import java.io.IOException;
import java.net.URI;
import java.security.KeyStore;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Months in seconds: two replicas, of which one has a wrong clock, serve reviews while their certificates come and go. */
@RequiresApiServer
@OneKubernetesVersion
class TimeLapseIT {

    private static final Duration STEP = Duration.ofHours(12);
    private static final int LONGEST = 300;

    /** Denied whatever the nodes are, and no registry is asked. */
    private static final byte[] DENIED =
            Reviews.create(Reviews.pod("main=r.example/UPPER:1")).bytes();

    private final TravelClock clock = new TravelClock(Instant.now());
    private final List<TestWebhook> replicas = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private CertificateStage stage;

    /** What a slow API server knows of the webhook's configuration: the state of a step ago. */
    private volatile CaBundle view;

    private volatile boolean ended;

    @BeforeEach
    void open() {
        stage = new CertificateStage();
        stage.createWebhook();
    }

    @AfterEach
    void close() throws Exception {
        ended = true;
        for (Client client : clients) {
            client.thread.join(TimeUnit.SECONDS.toMillis(20));
        }
        for (TestWebhook replica : replicas) {
            replica.close();
        }
        stage.close();
    }

    @Test
    @DisplayName("three authorities are replaced under load, with one clock two hours wrong: no review fails")
    void threeRenewals() throws Exception {
        List<SharedCertificate> sources =
                List.of(stage.startReady(clock), stage.startReady(Clock.offset(clock, Duration.ofHours(2))));
        view = stage.trusted();
        for (SharedCertificate source : sources) {
            TestWebhook replica = new TestWebhook(handler(), source, List.of());
            replicas.add(replica);
            clients.add(new Client(replica.port()));
            replica.ready().get(60, TimeUnit.SECONDS);
        }
        clients.forEach(client -> client.thread.start());

        Set<X509Certificate> authorities = ConcurrentHashMap.newKeySet();
        int steps = 0;
        while (authorities.size() < 4) {
            assertThat(steps++).as("steps").isLessThan(LONGEST);
            clock.travel(STEP);
            sources.forEach(SharedCertificate::reconcile);
            for (int i = 0; i < sources.size(); i++) {
                Instant end = sources.get(i).current().notAfter();
                TestWebhook replica = replicas.get(i);
                await("served", () -> replica.certificateExpiry().equals(end));
                authorities.add(
                        stage.trusted().issuerOf(sources.get(i).current()).orElseThrow());
            }
            clients.forEach(Client::awaitTwoMore);
            view = stage.trusted();
        }

        assertThat(clients).allSatisfy(client -> {
            assertThat(client.failures).as("failed reviews").isEmpty();
            assertThat(client.seen).as("certificates that a client met").hasSizeGreaterThan(6);
        });
        assertThat(stage.observed.authorities.get()).as("authorities").isBetween(4, 5);
        assertThat(stage.observed.repaired)
                .as("bundles that had to be repaired")
                .hasValue(0);
        assertThat(stage.trusted().certificates()).as("what has ended has gone").hasSizeLessThanOrEqualTo(3);
    }

    private static AdmissionHandler handler() {
        return new AdmissionHandler(
                new WorkloadReader(),
                new WorkloadAssessor(new EngineAssessor(
                        "docker.io", new ImageResolver(new MemoryRegistry(), new DocumentReader()), new Judge())),
                new FakeCluster().node("amd", "linux/amd64").view(),
                () -> PolicyConfig.DEFAULT,
                BackgroundVerification.NONE,
                AdmissionObserver.NONE);
    }

    /** Posts reviews one after the other, each over a connection of its own, trusting what a slow API server would. */
    private final class Client {

        private final int port;
        private final Thread thread = new Thread(this::run, "time-lapse-client");
        private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        private final Set<X509Certificate> seen = ConcurrentHashMap.newKeySet();
        private final AtomicInteger calls = new AtomicInteger();

        Client(int port) {
            this.port = port;
        }

        /** Two: the first may have begun before. */
        void awaitTwoMore() {
            int before = calls.get();
            await("calls", () -> calls.get() >= before + 2);
        }

        private void run() {
            while (!ended) {
                try {
                    post();
                } catch (Exception e) {
                    failures.add(clock.instant() + " " + e);
                }
                calls.incrementAndGet();
            }
        }

        private void post() throws Exception {
            HttpsURLConnection connection = (HttpsURLConnection) URI.create("https://127.0.0.1:" + port + "/validate")
                    .toURL()
                    .openConnection();
            connection.setSSLSocketFactory(trusting(view).getSocketFactory());
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setRequestProperty("Connection", "close");
            connection.setConnectTimeout(20_000);
            connection.setReadTimeout(20_000);
            connection.setDoOutput(true);
            try {
                connection.getOutputStream().write(DENIED);
                if (connection.getResponseCode() != 200) {
                    throw new IOException("answered " + connection.getResponseCode());
                }
                seen.add((X509Certificate) connection.getServerCertificates()[0]);
                connection.getInputStream().readAllBytes();
            } finally {
                connection.disconnect();
            }
        }
    }

    /** Trusts these by the time of the lapse, so that what has ended there is refused. */
    private SSLContext trusting(CaBundle bundle) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < bundle.certificates().size(); i++) {
            store.setCertificateEntry("ca-" + i, bundle.certificates().get(i));
        }
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(store, new X509CertSelector());
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(clock.instant()));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(new CertPathTrustManagerParameters(parameters));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
