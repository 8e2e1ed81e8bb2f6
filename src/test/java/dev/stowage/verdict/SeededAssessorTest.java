package dev.stowage.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Digest;
import dev.stowage.image.ImageReference;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.cache.CacheObserver;
import dev.stowage.registry.cache.CacheSettings;
import dev.stowage.registry.cache.CachingRegistry;
import dev.stowage.testing.MemoryRegistry;
import dev.stowage.verdict.Assessor.Purpose;
import dev.stowage.verdict.Assessor.Verification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SeededAssessorTest {

    private static final String WEB = "registry.example/shop/web:1";
    private static final Duration TTL = CacheSettings.DEFAULT.tagTtl();
    private static final NodeProfile AMD64 = NodeProfile.of(Platform.parse("linux/amd64"));
    private static final NodeProfile ARM64 = NodeProfile.of(Platform.parse("linux/arm64"));
    private static final NodeProfile S390X = NodeProfile.of(Platform.parse("linux/s390x"));
    private static final Verdict RUNS = new Verdict.Runs(List.of());
    private static final Verdict MISSING = new Verdict.DoesNotRun(Reason.PLATFORM_MISSING, "linux/amd64 only");
    private static final Verdict READ = new Verdict.Undetermined(Reason.UNAVAILABLE, "by the engine");

    private final MemoryRegistry registry = new MemoryRegistry();
    private final List<String> read = new ArrayList<>();
    private long now = 1;
    private final VerdictSeeds seeds = new VerdictSeeds(() -> now);
    private final CachingRegistry cache =
            new CachingRegistry(registry, CacheSettings.DEFAULT, () -> now, CacheObserver.NONE);
    private final Assessor assessor =
            new SeededAssessor(this::read, cache, seeds, "docker.io", CacheSettings.DEFAULT, CacheObserver.NONE);
    private Digest digest;

    @BeforeEach
    void push() {
        digest = push("1", "linux/amd64");
    }

    private Digest push(String tag, String platform) {
        SampleImages images = new SampleImages(registry);
        return images.index(tag, images.image(Platform.parse(platform))).digest();
    }

    private CompletableFuture<ImageAssessment> read(
            String image, Purpose purpose, Set<NodeProfile> profiles, Verification how, Keyring keyring, Deadline due) {
        read.add(image);
        return CompletableFuture.completedFuture(new ImageAssessment(
                image, ImageContents.UNKNOWN, Map.of(profiles.iterator().next(), READ)));
    }

    private void seed(String image, Duration age) throws Exception {
        seed(image, digest, Map.of(AMD64, RUNS, ARM64, MISSING), age);
    }

    private boolean seed(String image, Digest of, Map<NodeProfile, Verdict> verdicts, Duration age) throws Exception {
        ImageContents contents =
                new ImageContents(Optional.of(of), true, List.of(Platform.parse("linux/amd64")), 1, Optional.empty());
        return seeds.put("shop", ImageReference.parse(image), new VerdictSeed(Purpose.RUN, contents, verdicts), age);
    }

    private Map<NodeProfile, Verdict> assess(String namespace, String image, Purpose purpose, NodeProfile... profiles) {
        return assessor.inNamespace(namespace)
                .assess(
                        image,
                        purpose,
                        Set.of(profiles),
                        Verification.MANIFESTS,
                        Keyring.ANONYMOUS,
                        Deadline.in(Duration.ofSeconds(5)))
                .join()
                .verdicts();
    }

    private Map<NodeProfile, Verdict> web(NodeProfile... profiles) {
        return assess("shop", WEB, Purpose.RUN, profiles);
    }

    @Test
    void aYoungSeedAnswersWithoutARequest() throws Exception {
        seed(WEB, TTL.minusSeconds(1));

        assertThat(web(AMD64, ARM64)).isEqualTo(Map.of(AMD64, RUNS, ARM64, MISSING));
        assertThat(registry.asked()).isEmpty();
        assertThat(read).isEmpty();
    }

    @Test
    void theAssessmentSaysWhatTheImageContains() throws Exception {
        seed(WEB, Duration.ZERO);

        ImageAssessment seeded = assessor.inNamespace("shop")
                .assess(WEB, Purpose.RUN, Set.of(AMD64), Verification.INDEX, Keyring.ANONYMOUS, Deadline.in(TTL))
                .join();

        assertThat(seeded.image()).isEqualTo(WEB);
        assertThat(seeded.contents().attestations()).isEqualTo(1);
        assertThat(SeededAssessor.isSeeded(seeded)).isTrue();
    }

    @Test
    @DisplayName("an old tag costs one HEAD request, and is then valid for another tagTtl")
    void anOldTagIsConfirmed() throws Exception {
        seed(WEB, TTL);

        assertThat(web(ARM64)).containsValue(MISSING);
        now += TTL.minusSeconds(1).toNanos();
        assertThat(web(ARM64)).containsValue(MISSING);
        assertThat(registry.asked()).containsExactly("1");
        now += Duration.ofSeconds(1).toNanos();
        assertThat(web(ARM64)).containsValue(MISSING);

        assertThat(registry.asked()).containsExactly("1", "1");
        assertThat(read).isEmpty();
    }

    @Test
    @DisplayName("a cached digest confirms a seed only as long as the cache believes it, not for another tagTtl")
    void aCachedDigestDoesNotMakeASeedYounger() throws Exception {
        assertThat(hasDigest(WEB, digest)).isTrue();
        push("1", "linux/arm64");
        seed(WEB, TTL);
        now += TTL.minusSeconds(1).toNanos();
        assertThat(web(ARM64)).containsValue(MISSING);

        now += Duration.ofSeconds(1).toNanos();

        assertThat(web(ARM64)).containsValue(READ);
        assertThat(registry.asked()).containsExactly("1", "1");
    }

    @Test
    void aTagThatMovedIsReadAndItsSeedNeverUsedAgain() throws Exception {
        seed(WEB, TTL);
        push("1", "linux/arm64");

        assertThat(web(ARM64)).containsValue(READ);
        assertThat(web(ARM64)).containsValue(READ);

        assertThat(read).hasSize(2);
        assertThat(registry.asked()).hasSize(1);
    }

    @Test
    void aDigestIsNeverConfirmed() throws Exception {
        String pinned = "registry.example/shop/web@" + digest;
        seed(pinned, Duration.ofHours(20));

        assertThat(assess("shop", pinned, Purpose.RUN, AMD64)).containsValue(RUNS);
        assertThat(registry.asked()).isEmpty();
    }

    @Test
    void whatNoSeedHoldsIsRead() throws Exception {
        seed(WEB, Duration.ZERO);

        assertThat(web(AMD64, S390X)).containsValue(READ);
        assertThat(assess("other", WEB, Purpose.RUN, AMD64)).containsValue(READ);
        assertThat(assess("", WEB, Purpose.RUN, AMD64)).containsValue(READ);
        assertThat(assess("shop", WEB, Purpose.MOUNT, AMD64)).containsValue(READ);
        assertThat(assess("shop", WEB, Purpose.RUN_BY_RUNTIME_CLASS, AMD64)).containsValue(READ);
        assertThat(assess("shop", "registry.example/shop/web:2", Purpose.RUN, AMD64))
                .containsValue(READ);
        assertThat(assess("shop", "not valid", Purpose.RUN, AMD64)).containsValue(READ);
        assertThat(registry.asked()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"UNAVAILABLE", "TIMEOUT", "RATE_LIMITED"})
    void duringAnOutageTheSeedStandsInAndSaysSo(Kind outage) throws Exception {
        registry.fail("1", outage);
        seed(WEB, CacheSettings.DEFAULT.staleFor());

        assertThat(web(AMD64).get(AMD64).label()).isEqualTo("Runs");
        assertThat(web(AMD64).get(AMD64).message()).contains("60 min ago").contains(outage.label());
        now += 1;
        assertThat(web(AMD64)).containsValue(READ);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"NOT_FOUND", "UNAUTHORIZED", "FORBIDDEN"})
    void aRefusalIsLeftToTheEngine(Kind refusal) throws Exception {
        registry.fail("1", refusal);
        seed(WEB, TTL);

        assertThat(web(AMD64)).containsValue(READ);
    }

    @Test
    void whatWasCheckedLongAgoIsReadAgainHoweverOftenItWasConfirmed() throws Exception {
        seed(WEB, VerdictSeeds.LONGEST.minus(TTL).minusSeconds(1));
        assertThat(web(AMD64)).containsValue(RUNS);
        now += TTL.toNanos();
        assertThat(web(AMD64)).containsValue(RUNS);
        now += Duration.ofSeconds(1).toNanos();

        assertThat(web(AMD64)).containsValue(READ);
        assertThat(seed(WEB, digest, Map.of(AMD64, RUNS), VerdictSeeds.LONGEST)).isFalse();
    }

    @Test
    void ofTwoReportsTheVerdictsAreJoinedForOneDigestElseTheYoungerCounts() throws Exception {
        seed(WEB, digest, Map.of(S390X, MISSING, ARM64, RUNS), Duration.ofMinutes(2));
        seed(WEB, Duration.ofMinutes(1));
        assertThat(web(AMD64, ARM64, S390X)).isEqualTo(Map.of(AMD64, RUNS, ARM64, MISSING, S390X, MISSING));

        seed(WEB, Digest.of(new byte[0]), Map.of(AMD64, MISSING), Duration.ofMinutes(3));
        assertThat(web(AMD64)).containsValue(RUNS);
        seed(WEB, Digest.of(new byte[0]), Map.of(AMD64, MISSING), Duration.ZERO);
        assertThat(web(AMD64)).containsValue(MISSING);
        assertThat(web(ARM64)).containsValue(READ);
    }

    @Test
    void seedsAreBoundedByWeight() throws Exception {
        Verdict wordy = new Verdict.DoesNotRun(Reason.PLATFORM_MISSING, "x".repeat(500));
        for (int i = 0; i < 40_000; i++) {
            seed("registry.example/shop/web:" + i, digest, Map.of(AMD64, wordy, ARM64, wordy), Duration.ZERO);
        }

        assertThat(seeds.size()).isBetween(5_000L, 20_000L);
    }

    @Test
    void anAgeInTheFutureIsRefused() {
        assertThatThrownBy(() -> seed(WEB, Duration.ofSeconds(-1))).hasMessage("age is negative: PT-1S");
    }

    private boolean hasDigest(String image, Digest expected) {
        return assessor.hasDigest(image, expected, Keyring.ANONYMOUS, Deadline.in(Duration.ofSeconds(5)))
                .join();
    }

    @Test
    @DisplayName("a digest is confirmed with one HEAD request for a tag and none for a digest, and nothing is read")
    void aDigestIsConfirmed() {
        Digest other = push("2", "linux/arm64");

        assertThat(hasDigest(WEB, digest)).isTrue();
        assertThat(hasDigest(WEB, other)).isFalse();
        assertThat(registry.asked()).as("the second answer is cached").containsExactly("1");
        assertThat(hasDigest("registry.example/shop/web@" + digest, digest)).isTrue();
        assertThat(hasDigest("registry.example/shop/web@" + digest, other)).isFalse();
        assertThat(hasDigest("not valid", digest)).isFalse();
        assertThat(registry.asked()).hasSize(1);
        assertThat(read).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatTheRegistryDoesNotSayIsNotConfirmed(Kind failure) {
        registry.fail("1", failure);

        assertThat(hasDigest(WEB, digest)).isFalse();
    }
}
