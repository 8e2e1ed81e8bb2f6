package dev.stowage.cluster.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.admission.AdmissionEvent;
import dev.stowage.admission.AdmissionHandler;
import dev.stowage.admission.AdmissionMetrics;
import dev.stowage.admission.BackgroundVerification;
import dev.stowage.config.ConfigLoader;
import dev.stowage.config.Settings;
import dev.stowage.demo.SampleImages;
import dev.stowage.engine.Engine;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.Platform;
import dev.stowage.registry.RegistryMetrics;
import dev.stowage.registry.cache.CacheMetrics;
import dev.stowage.registry.credentials.CredentialProvider;
import dev.stowage.testing.FakeCluster;
import dev.stowage.testing.FakeRegistryAuth;
import dev.stowage.testing.RealRegistry;
import dev.stowage.testing.RegistryPusher;
import dev.stowage.testing.RequiresRegistry;
import dev.stowage.testing.Reviews;
import dev.stowage.verdict.Reason;
import dev.stowage.workload.WorkloadReader;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two namespaces and a private image at the real CNCF registry: a-team has the pull secret, b-team has not. What stands in the way of
 * b-team's learning anything is everything from the pull secrets to the metrics, so all of it is here as the webhook has it.
 */
@DisplayName("a namespace without the pull secret learns nothing of a private image")
@RequiresRegistry
class TenantsIT {

    private static final String OWNER = "a-team";
    private static final String STRANGER = "b-team";
    private static final String THERE = "hidden/shop:v1";
    private static final String NOWHERE = "hidden/shop:v9";

    @TempDir
    Path folder;

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicInteger requests = new AtomicInteger();
    private final List<AdmissionEvent> outcomes = new CopyOnWriteArrayList<>();
    private String digest;
    private RealRegistry registry;
    private PullSecrets secrets;
    private Engine engine;
    private AdmissionHandler handler;

    @BeforeEach
    void start() throws IOException {
        String hash = OpenBSDBCrypt.generate("2y", "p".toCharArray(), "0123456789abcdef".getBytes(), 4);
        Path users = Files.writeString(folder.resolve("htpasswd"), "owner:" + hash + "\n");
        registry = new RealRegistry(folder, "", "auth: {htpasswd: {realm: test, path: " + users + "}}");
        SampleImages images = new SampleImages(new RegistryPusher(
                HttpClient.newHttpClient(),
                "http://" + registry.host(),
                "hidden/shop",
                FakeRegistryAuth.basicHeader("owner", "p")));
        Descriptor image = images.image(Platform.of("linux", "amd64"));
        digest = images.index("v1", image, images.attestation(image)).digest().toString();

        FakePullSecretApi api = new FakePullSecretApi()
                .secret(OWNER, "login", registry.host(), "owner")
                .account(OWNER, "default")
                .account(STRANGER, "default");
        secrets = new PullSecrets(
                api,
                PullSecrets.Settings.DEFAULT,
                CredentialProvider.NONE,
                CredentialProvider.NONE,
                Ticker.systemTicker());
        Settings settings = Settings.of(
                new ConfigLoader(Map.of()).load(Optional.empty()), "defaults", Settings.Place.LOCAL, Map.of());
        RegistryMetrics requestMetrics = new RegistryMetrics(meters);
        engine = new Engine(
                settings,
                request -> {
                    requests.incrementAndGet();
                    requestMetrics.finished(request);
                },
                new CacheMetrics(meters));
        AdmissionMetrics admissionMetrics = new AdmissionMetrics(meters, List.of());
        handler = new AdmissionHandler(
                new WorkloadReader(List.of()),
                engine.workloadAssessor(),
                new FakeCluster()
                        .node("amd", "linux/amd64")
                        .node("arm", "linux/arm64")
                        .view(secrets),
                settings::policy,
                BackgroundVerification.NONE,
                event -> {
                    outcomes.add(event);
                    admissionMetrics.answered(event);
                });
    }

    @AfterEach
    void end() {
        secrets.close();
        engine.close();
        registry.close();
    }

    private CompletableFuture<String> review(String namespace, String image) {
        String pod = Reviews.pod("app=" + registry.host() + "/" + image) + "  imagePullSecrets: [{name: login}]\n";
        byte[] review = Reviews.create(pod).namespace(namespace).bytes();
        return handler.handle(review).thenApply(answer -> new String(answer.body()));
    }

    private void assertOwnerSeesItAll() {
        JsonNode response = response(review(OWNER, THERE).join());
        assertThat(response.path("allowed").asBoolean()).isFalse();
        assertThat(response.path("status").path("message").asText())
                .contains("the image index contains linux/amd64 only")
                .contains("1 attestation ignored");
    }

    private String assertStrangerSeesNothing(String answer) {
        JsonNode response = response(answer);
        assertThat(response.path("allowed").asBoolean()).isTrue();
        // a digest that they wrote themselves is nothing they learn
        assertThat(response.path("warnings")).singleElement().satisfies(warning -> assertThat(
                        warning.asText().replaceAll("@sha256:[0-9a-f]{64}", ""))
                .contains("could not be checked: it does not exist or needs credentials")
                .contains("; pull secret \"")
                .doesNotContain("linux/", "attestation", "sha256"));
        return answer.replace(THERE, "IMAGE").replace(NOWHERE, "IMAGE");
    }

    private String strangerAsksFor(String image) {
        int before = requests.get();
        String answer = assertStrangerSeesNothing(review(STRANGER, image).join());
        assertThat(requests.get() - before)
                .as("its own request, so that its time says nothing about what others have read")
                .isEqualTo(1);
        assertThat(outcomes.get(outcomes.size() - 1)
                        .policy()
                        .get(0)
                        .assessment()
                        .findings())
                .flatExtracting(finding -> finding.assessment().verdicts().values())
                .extracting(verdict -> verdict.label() + " " + verdict.reason().label())
                .containsOnly("Undetermined " + Reason.UNAUTHORIZED.label());
        return answer;
    }

    @Test
    @DisplayName(
            "the owner first, then the stranger: the same answer as for an image that does not exist, by a request of its own")
    void ownerThenStranger() {
        assertOwnerSeesItAll();

        assertThat(strangerAsksFor(THERE)).isEqualTo(strangerAsksFor(NOWHERE));
    }

    @Test
    @DisplayName("the stranger first, then the owner: what was refused to the one is not an answer to the other")
    void strangerThenOwner() {
        String refused = strangerAsksFor(THERE);

        assertOwnerSeesItAll();

        assertThat(refused).isEqualTo(strangerAsksFor(NOWHERE));
    }

    @Test
    @DisplayName("both at once: neither waits for the other's request")
    void bothAtOnce() {
        CompletableFuture<String> owner = review(OWNER, THERE);
        CompletableFuture<String> stranger = review(STRANGER, THERE);

        assertThat(owner.join()).contains("contains linux/amd64 only");
        assertStrangerSeesNothing(stranger.join());
        assertThat(requests.get()).as("401, with Basic; and a 401 of its own").isEqualTo(3);
    }

    @Test
    @DisplayName("by digest, which the owner has read: refused")
    void byDigest() {
        assertOwnerSeesItAll();
        strangerAsksFor("hidden/shop@" + digest);
    }

    @Test
    @DisplayName(
            "metrics: no label names image or namespace, and requesting what exists moves the same series as for what does not")
    void metrics() {
        assertOwnerSeesItAll();
        Map<String, Long> before = counts();
        strangerAsksFor(THERE);
        Map<String, Long> there = counts();
        strangerAsksFor(NOWHERE);
        Map<String, Long> nowhere = counts();

        assertThat(difference(there, before)).isNotEmpty().isEqualTo(difference(nowhere, there));
        assertThat(meters.getMeters())
                .flatExtracting(meter -> meter.getId().getTags())
                .extracting(Tag::getValue)
                .allSatisfy(value -> assertThat(value).doesNotContain("hidden", "shop", "v1", "team", "sha256"));
    }

    private Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        for (Meter meter : meters.getMeters()) {
            if (meter.getId().getTag("le") != null) {
                // which bucket a time falls into is the machine's affair
                continue;
            }
            double count = meter instanceof Timer timer
                    ? timer.count()
                    : meter.measure().iterator().next().getValue();
            counts.put(meter.getId().toString(), (long) count);
        }
        return counts;
    }

    private static Map<String, Long> difference(Map<String, Long> after, Map<String, Long> before) {
        Map<String, Long> difference = new TreeMap<>();
        after.forEach((series, count) -> {
            long more = count - before.getOrDefault(series, 0L);
            if (more != 0) {
                difference.put(series, more);
            }
        });
        return difference;
    }

    private static JsonNode response(String answer) {
        try {
            return new ObjectMapper().readTree(answer).path("response");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
