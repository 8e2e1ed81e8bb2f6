package dev.stowage.registry.credentials.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.DaemonThreads;
import dev.stowage.log.ThrottledLog;
import dev.stowage.registry.Credential;
import dev.stowage.testing.LogCapture;
import dev.stowage.testing.TravelClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CloudTokensTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final TravelClock clock = new TravelClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final AtomicLong nanos = new AtomicLong();
    private final FakeIdentity identity = new FakeIdentity();
    private CloudTokens<String> tokens = tokens(Runnable::run);

    /** An identity whose tokens live for a minute. */
    private final class FakeIdentity implements Cloud<String> {
        private final List<String> requests = new ArrayList<>();
        private String refusal = "";
        private CountDownLatch hold = new CountDownLatch(0);

        @Override
        public String name() {
            return "Fake";
        }

        @Override
        public Optional<String> keyOf(String registry) {
            return Optional.of(registry);
        }

        @Override
        public boolean isPresent() {
            return true;
        }

        @Override
        public CloudToken request(String key) throws CloudException {
            try {
                hold.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            requests.add(key);
            if (!refusal.isEmpty()) {
                throw new CloudException(refusal);
            }
            Instant now = clock.instant();
            return new CloudToken(new Credential("u", key + "-" + requests.size()), now, now.plusSeconds(60));
        }

        @Override
        public String permission() {
            return "";
        }
    }

    private CloudTokens<String> tokens(Executor background) {
        System.Logger logger = System.getLogger(CloudTokensTest.class.getName());
        return new CloudTokens<>(
                identity, clock, nanos::get, background, new ThrottledLog(logger, "cloud credentials", clock));
    }

    private Optional<String> ask(String key) {
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        return tokens.credential(key, LONG).join().map(Credential::secret);
    }

    @Test
    void aThousandLookUpsMakeOneRequest() {
        ExecutorService background = DaemonThreads.pool("test-cloud", 4, 4);
        tokens = tokens(background);
        identity.hold = new CountDownLatch(1);
        List<CompletableFuture<Optional<Credential>>> lookups = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            lookups.add(tokens.credential("a", LONG));
        }
        identity.hold.countDown();

        assertThat(lookups).allSatisfy(lookup -> assertThat(lookup.join()).contains(new Credential("u", "a-1")));
        assertThat(identity.requests).containsExactly("a");
        background.shutdownNow();
    }

    @Test
    void aLookUpDoesNotWaitLongerThanItCan() {
        ExecutorService background = DaemonThreads.pool("test-cloud", 1, 1);
        tokens = tokens(background);
        identity.hold = new CountDownLatch(1);

        assertThat(tokens.credential("a", Duration.ofMillis(50)).join()).isEmpty();
        assertThat(tokens.problem("a")).contains("Fake has not given Stowage credentials yet");
        identity.hold.countDown();
        background.shutdown();
    }

    @Test
    void tokensOfAMinuteAreRenewedAtHalfTheirLifeForADayWithoutAGap() {
        ask("a");
        int threads = Thread.activeCount();

        for (int second = 0; second < 86_400; second += 5) {
            clock.travel(Duration.ofSeconds(5));
            tokens.renewDue();
            assertThat(tokens.has("a")).isTrue();
            assertThat(ask("a")).isPresent();
        }

        assertThat(identity.requests).hasSize(1 + 86_400 / 30);
        assertThat(tokens.size()).isEqualTo(1);
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads);
    }

    @Test
    void aTokenThatNobodyUsesIsNotRenewed() {
        ask("a");
        clock.travel(Duration.ofSeconds(31));
        tokens.renewDue();
        assertThat(identity.requests).hasSize(2);

        clock.travel(Duration.ofSeconds(31));
        tokens.renewDue();
        assertThat(identity.requests).as("not used since").hasSize(2);
        assertThat(ask("a")).as("still valid, and renewed behind it").isPresent();
        assertThat(identity.requests).hasSize(3);
    }

    @Test
    void anOldTokenServesUntilItExpiresWhileRenewalsFail() {
        ask("a");
        identity.refusal = "no";
        clock.travel(Duration.ofSeconds(40));

        assertThat(ask("a")).contains("a-1");
        assertThat(tokens.problem("a")).isEmpty();
        clock.travel(Duration.ofSeconds(25));
        assertThat(ask("a")).isEmpty();
        assertThat(tokens.problem("a")).contains("no");

        identity.refusal = "";
        clock.travel(Duration.ofMinutes(5));
        assertThat(ask("a")).isPresent();
        assertThat(tokens.problem("a")).isEmpty();
    }

    @Test
    void aFailureIsRememberedForALongerTimeEachTime() {
        identity.refusal = "no";
        for (int second = 0; second < 1_200; second++) {
            ask("a");
            clock.travel(Duration.ofSeconds(1));
        }

        // after 0, 10, 30, 70, 150, 310, 610 and 910 seconds
        assertThat(identity.requests).hasSize(8);
    }

    @Test
    void aFailureIsLoggedOnceAndSoIsItsEnd() {
        try (LogCapture log = new LogCapture(CloudTokensTest.class)) {
            identity.refusal = "grant it";
            for (int minute = 0; minute < 60; minute++) {
                ask("a");
                clock.travel(Duration.ofMinutes(1));
            }
            assertThat(log.with("grant it")).hasSize(1);
            identity.refusal = "";
            clock.travel(Duration.ofMinutes(5));
            ask("a");
            assertThat(log.lines()).last().asString().contains("the problem with the Fake identity is resolved");
        }
    }

    @Test
    void anUnexpectedFailureShowsItsTypeOnly() {
        identity.hold = null;

        assertThat(ask("a")).isEmpty();
        assertThat(tokens.problem("a")).contains("Fake's credentials could not be read (NullPointerException)");
    }

    @Test
    void registriesThatTenantsInventDisplaceNoToken() {
        for (int i = 0; i < CloudTokens.MAX - 1; i++) {
            ask("real-" + i);
        }
        identity.refusal = "unknown";
        for (int i = 0; i < 10_000; i++) {
            assertThat(ask("invented-" + i)).isEmpty();
        }

        assertThat(tokens.size()).isEqualTo(CloudTokens.MAX);
        for (int i = 0; i < CloudTokens.MAX - 1; i++) {
            assertThat(tokens.has("real-" + i)).isTrue();
        }
    }

    @Test
    void theTokenThatWasNotUsedForLongestGivesWay() {
        for (int i = 0; i < CloudTokens.MAX; i++) {
            ask("r" + i);
        }
        ask("r0");

        assertThat(ask("another")).isPresent();
        assertThat(tokens.has("r0")).isTrue();
        assertThat(tokens.has("r1")).isFalse();
        assertThat(tokens.size()).isEqualTo(CloudTokens.MAX);
    }

    @Test
    void newTokensAreLimitedInRate() {
        ask("known");
        for (int i = 0; i < 40; i++) {
            tokens.credential("new-" + i, Duration.ZERO);
        }

        assertThat(tokens.problem("new-39")).contains("too many new registries of Fake at a time");
        assertThat(ask("known")).isPresent();
    }
}
