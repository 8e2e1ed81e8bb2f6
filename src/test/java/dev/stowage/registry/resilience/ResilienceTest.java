package dev.stowage.registry.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.CallContext;
import dev.stowage.async.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a host is asked, not asked, and asked again: circuit, pauses, pace and backoff by a clock of their own. */
class ResilienceTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000_000);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private CircuitBreaker openCircuit() {
        CircuitBreaker breaker = new CircuitBreaker(now::get);
        for (int i = 0; i < CircuitBreaker.THRESHOLD; i++) {
            CircuitBreaker.Permit permit = breaker.tryAcquire();
            assertThat(permit.allowed()).isTrue();
            breaker.failed(permit, "down");
        }
        return breaker;
    }

    @Test
    @DisplayName("circuit: opens after failures in a row, lets one probe through, closes after its success")
    void circuit() {
        CircuitBreaker breaker = openCircuit();

        assertThat(breaker.tryAcquire())
                .isEqualTo(new CircuitBreaker.Permit(false, false, "down", CircuitBreaker.FIRST_WAIT));
        pass(CircuitBreaker.FIRST_WAIT);
        assertThat(breaker.tryAcquire().probe()).isTrue();
        assertThat(breaker.tryAcquire().allowed()).isFalse();
        breaker.succeeded();
        assertThat(breaker.tryAcquire().allowed()).isTrue();
        assertThat(breaker.tryAcquire().allowed()).isTrue();
    }

    @Test
    @DisplayName("circuit: each failed probe doubles the wait, up to a minute")
    void circuitWaits() {
        CircuitBreaker breaker = openCircuit();
        List<Long> waits = new ArrayList<>();
        for (int probe = 0; probe < 8; probe++) {
            Duration left = breaker.tryAcquire().left();
            waits.add(left.toSeconds());
            pass(left);
            breaker.failed(breaker.tryAcquire(), "down");
        }

        assertThat(waits).containsExactly(2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
    }

    @Test
    @DisplayName("circuit: what was in progress when it opened does not prolong the wait, nor stand for the probe")
    void lateFailures() {
        CircuitBreaker breaker = new CircuitBreaker(now::get);
        List<CircuitBreaker.Permit> underWay = new ArrayList<>();
        for (int i = 0; i < 3 * CircuitBreaker.THRESHOLD; i++) {
            underWay.add(breaker.tryAcquire());
        }
        underWay.forEach(permit -> breaker.failed(permit, "down"));
        assertThat(breaker.tryAcquire().left()).isEqualTo(CircuitBreaker.FIRST_WAIT);

        pass(CircuitBreaker.FIRST_WAIT);
        assertThat(breaker.tryAcquire().probe()).isTrue();
        breaker.failed(underWay.get(0), "down");
        breaker.abandoned(underWay.get(0));
        assertThat(breaker.tryAcquire().allowed()).isFalse();
    }

    @Test
    @DisplayName("circuit: a success in between starts the count again; an abandoned probe makes room for another")
    void circuitCounts() {
        CircuitBreaker breaker = new CircuitBreaker(now::get);
        for (int i = 0; i < 20; i++) {
            breaker.failed(breaker.tryAcquire(), "down");
            breaker.failed(breaker.tryAcquire(), "down");
            breaker.succeeded();
        }
        assertThat(breaker.tryAcquire().allowed()).isTrue();

        CircuitBreaker open = openCircuit();
        pass(CircuitBreaker.FIRST_WAIT);
        open.abandoned(open.tryAcquire());
        assertThat(open.tryAcquire().probe()).isTrue();
    }

    @Test
    @DisplayName("a pause is for one host and identity, and ends")
    void pauses() {
        RetryAfterTracker retryAfter = new RetryAfterTracker(now::get);
        retryAfter.begin("host", "me", Duration.ofSeconds(10));
        retryAfter.begin("host", "me", Duration.ofSeconds(1));

        assertThat(retryAfter.remaining("host", "me")).contains(Duration.ofSeconds(10));
        assertThat(retryAfter.remaining("host", "")).isEmpty();
        assertThat(retryAfter.remaining("other", "me")).isEmpty();
        pass(Duration.ofSeconds(9));
        assertThat(retryAfter.remaining("host", "me")).contains(Duration.ofSeconds(1));
        pass(Duration.ofSeconds(1));
        assertThat(retryAfter.remaining("host", "me")).isEmpty();
    }

    @ParameterizedTest(name = "Retry-After \"{0}\": {1} s")
    @CsvSource({
        "7, 7",
        "0, 1",
        "' 30 ', 30",
        "301, 300",
        "99999999999999999999999, 300",
        "-5, 10",
        "1.5, 10",
        "soon, 10",
        "'', 10",
        "'Thu, 01 Jan 2026 00:01:00 GMT', 60",
        "'Thu, 1 Jan 2026 00:01:00 GMT', 60",
        "'Wed, 31 Dec 2025 23:00:00 GMT', 1",
        "'Sat, 01 Jan 2050 00:00:00 GMT', 300",
        "'Thu, 99 Jan 2026 00:01:00 GMT', 10"
    })
    void retryAfter(String header, long seconds) {
        Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

        assertThat(RetryAfter.parse(header, clock)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    @DisplayName("pace: requests are spread evenly, unused time is not saved up")
    void pace() {
        RateLimiter rateLimiter = new RateLimiter(4, now::get);

        assertThat(rateLimiter.take(HOUR)).contains(Duration.ZERO);
        assertThat(rateLimiter.take(HOUR)).contains(Duration.ofMillis(250));
        assertThat(rateLimiter.take(Duration.ofMillis(499))).isEmpty();
        assertThat(rateLimiter.take(HOUR)).contains(Duration.ofMillis(500));
        pass(Duration.ofSeconds(10));
        assertThat(rateLimiter.take(HOUR)).contains(Duration.ZERO);
        assertThat(rateLimiter.take(HOUR)).contains(Duration.ofMillis(250));
    }

    @Test
    @DisplayName("no pace: never a wait")
    void noPace() {
        RateLimiter rateLimiter = new RateLimiter(Double.POSITIVE_INFINITY, now::get);
        for (int i = 0; i < 100; i++) {
            assertThat(rateLimiter.take(HOUR)).contains(Duration.ZERO);
        }
    }

    @Test
    @DisplayName("backoff: two more attempts, jittered, only while there is time")
    void backoff() {
        Deadline far = Deadline.in(Duration.ofHours(1));

        assertThat(new Backoff(() -> 0).before(1, far)).contains(Duration.ofMillis(50));
        assertThat(new Backoff(() -> 1).before(1, far)).contains(Duration.ofMillis(100));
        assertThat(new Backoff(() -> 1).before(2, far)).contains(Duration.ofMillis(300));
        assertThat(new Backoff(() -> 1).before(3, far)).isEmpty();
        assertThat(new Backoff(() -> 1).before(1, Deadline.in(Duration.ZERO))).isEmpty();
    }

    @Test
    @DisplayName("circuits and pauses are bounded by the size of their names")
    void namesAreBounded() {
        Circuits circuits = new Circuits(now::get);
        RetryAfterTracker retryAfter = new RetryAfterTracker(now::get);
        String large = "x".repeat(100_000);
        for (int i = 0; i < 200; i++) {
            circuits.enter("host", large + i).abandoned();
            retryAfter.begin(large + i, "me", HOUR);
        }
        circuits.cache().cleanUp();
        retryAfter.cache().cleanUp();

        assertThat((circuits.cache().estimatedSize() - 1) * large.length()).isLessThanOrEqualTo(Circuits.MAX_BYTES);
        assertThat(retryAfter.cache().estimatedSize() * large.length())
                .isLessThanOrEqualTo(RetryAfterTracker.MAX_BYTES);
    }

    @Test
    @DisplayName("a circuit of a repository opens for it alone, that of the host for all")
    void circuitsOfHostAndRepository() {
        Circuits circuits = new Circuits(now::get);
        for (int i = 0; i < CircuitBreaker.THRESHOLD; i++) {
            circuits.enter("host", "bad").repositoryResponded("503");
        }
        assertThat(circuits.enter("host", "bad").permit().allowed()).isFalse();
        assertThat(circuits.enter("host", "good").permit().allowed()).isTrue();

        for (int i = 0; i < CircuitBreaker.THRESHOLD; i++) {
            circuits.enter("host", "a" + i).hostFailed("no connection");
        }
        assertThat(circuits.enter("host", "good").permit().allowed()).isFalse();
        assertThat(circuits.enter("other", "good").permit().allowed()).isTrue();
        pass(CircuitBreaker.FIRST_WAIT);
        assertThat(circuits.enter("host", "good").permit().probe()).isFalse();
        assertThat(circuits.enter("host", "good").permit().allowed())
                .as("one probe of the host")
                .isFalse();
    }

    @Test
    @DisplayName("an errand ends what is running, what begins too late, and nothing that has come to its end")
    void errand() {
        CallContext context = new CallContext(Deadline.in(Duration.ofHours(1)));
        List<String> ended = new ArrayList<>();
        Runnable finished = () -> ended.add("finished");
        context.onEnd(() -> ended.add("running"));
        context.onEnd(finished);
        context.forget(finished);

        assertThat(context.isEnded()).isFalse();
        context.end();
        context.end();
        context.onEnd(() -> ended.add("late"));

        assertThat(context.isEnded()).isTrue();
        assertThat(ended).containsExactly("running", "late");
    }
}
