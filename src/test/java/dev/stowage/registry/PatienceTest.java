package dev.stowage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.registry.Result.Broken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a host is asked, not asked, and asked again: circuit, pauses, pace, gate and backoff by a clock of their own. */
class PatienceTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000_000);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private Circuit openCircuit() {
        Circuit circuit = new Circuit(now::get);
        for (int i = 0; i < Circuit.THRESHOLD; i++) {
            Circuit.Leave leave = circuit.enter();
            assertThat(leave.allowed()).isTrue();
            circuit.failed(leave, "down");
        }
        return circuit;
    }

    @Test
    @DisplayName("circuit: opens after failures in a row, lets one probe through, closes after its success")
    void circuit() {
        Circuit circuit = openCircuit();

        assertThat(circuit.enter()).isEqualTo(new Circuit.Leave(false, false, "down", Circuit.FIRST_WAIT));
        pass(Circuit.FIRST_WAIT);
        assertThat(circuit.enter().probe()).isTrue();
        assertThat(circuit.enter().allowed()).isFalse();
        circuit.succeeded();
        assertThat(circuit.enter().allowed()).isTrue();
        assertThat(circuit.enter().allowed()).isTrue();
    }

    @Test
    @DisplayName("circuit: each failed probe doubles the wait, up to a minute")
    void circuitWaits() {
        Circuit circuit = openCircuit();
        List<Long> waits = new ArrayList<>();
        for (int probe = 0; probe < 8; probe++) {
            Duration left = circuit.enter().left();
            waits.add(left.toSeconds());
            pass(left);
            circuit.failed(circuit.enter(), "down");
        }

        assertThat(waits).containsExactly(2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
    }

    @Test
    @DisplayName("circuit: what was in progress when it opened does not prolong the wait, nor stand for the probe")
    void lateFailures() {
        Circuit circuit = new Circuit(now::get);
        List<Circuit.Leave> underWay = new ArrayList<>();
        for (int i = 0; i < 3 * Circuit.THRESHOLD; i++) {
            underWay.add(circuit.enter());
        }
        underWay.forEach(leave -> circuit.failed(leave, "down"));
        assertThat(circuit.enter().left()).isEqualTo(Circuit.FIRST_WAIT);

        pass(Circuit.FIRST_WAIT);
        assertThat(circuit.enter().probe()).isTrue();
        circuit.failed(underWay.get(0), "down");
        circuit.abandoned(underWay.get(0));
        assertThat(circuit.enter().allowed()).isFalse();
    }

    @Test
    @DisplayName("circuit: a success in between starts the count again; an abandoned probe makes room for another")
    void circuitCounts() {
        Circuit circuit = new Circuit(now::get);
        for (int i = 0; i < 20; i++) {
            circuit.failed(circuit.enter(), "down");
            circuit.failed(circuit.enter(), "down");
            circuit.succeeded();
        }
        assertThat(circuit.enter().allowed()).isTrue();

        Circuit open = openCircuit();
        pass(Circuit.FIRST_WAIT);
        open.abandoned(open.enter());
        assertThat(open.enter().probe()).isTrue();
    }

    @Test
    @DisplayName("a pause is for one host and identity, and ends")
    void pauses() {
        Pauses pauses = new Pauses(now::get);
        pauses.begin("host", "me", Duration.ofSeconds(10));
        pauses.begin("host", "me", Duration.ofSeconds(1));

        assertThat(pauses.remaining("host", "me")).contains(Duration.ofSeconds(10));
        assertThat(pauses.remaining("host", "")).isEmpty();
        assertThat(pauses.remaining("other", "me")).isEmpty();
        pass(Duration.ofSeconds(9));
        assertThat(pauses.remaining("host", "me")).contains(Duration.ofSeconds(1));
        pass(Duration.ofSeconds(1));
        assertThat(pauses.remaining("host", "me")).isEmpty();
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
        Pace pace = new Pace(4, now::get);

        assertThat(pace.take(HOUR)).contains(Duration.ZERO);
        assertThat(pace.take(HOUR)).contains(Duration.ofMillis(250));
        assertThat(pace.take(Duration.ofMillis(499))).isEmpty();
        assertThat(pace.take(HOUR)).contains(Duration.ofMillis(500));
        pass(Duration.ofSeconds(10));
        assertThat(pace.take(HOUR)).contains(Duration.ZERO);
        assertThat(pace.take(HOUR)).contains(Duration.ofMillis(250));
    }

    @Test
    @DisplayName("no pace: never a wait")
    void noPace() {
        Pace pace = new Pace(Double.POSITIVE_INFINITY, now::get);
        for (int i = 0; i < 100; i++) {
            assertThat(pace.take(HOUR)).contains(Duration.ZERO);
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
    @DisplayName("gate: first come, first served; who has gone is passed over; a failed request leaves too")
    void gate() {
        HostGate gate = new HostGate(1);
        List<String> started = new ArrayList<>();
        CompletableFuture<Result> first = new CompletableFuture<>();
        CompletableFuture<Result> third = new CompletableFuture<>();
        Errand gone = new Errand(Deadline.in(Duration.ofHours(1)));
        Errand patient = new Errand(Deadline.in(Duration.ofHours(1)));

        gate.pass(patient, () -> first, Broken::over);
        CompletableFuture<Result> second = gate.pass(
                gone,
                () -> {
                    started.add("second");
                    return new CompletableFuture<>();
                },
                Broken::over);
        gate.pass(
                patient,
                () -> {
                    started.add("third");
                    return third;
                },
                Broken::over);
        assertThat(gate.waiting()).isEqualTo(2);
        gone.end();
        assertThat(second).isCompletedWithValue(Broken.over());
        first.complete(Broken.over());
        assertThat(started).containsExactly("third");
        third.completeExceptionally(new IllegalStateException("unforeseen"));

        assertThat(gate.inside()).isZero();
        assertThat(gate.waiting()).isZero();
    }

    @Test
    @DisplayName("an errand ends what is running, what begins too late, and nothing that has come to its end")
    void errand() {
        Errand errand = new Errand(Deadline.in(Duration.ofHours(1)));
        List<String> ended = new ArrayList<>();
        Runnable finished = () -> ended.add("finished");
        errand.onEnd(() -> ended.add("running"));
        errand.onEnd(finished);
        errand.forget(finished);

        assertThat(errand.isOver()).isFalse();
        errand.end();
        errand.end();
        errand.onEnd(() -> ended.add("late"));

        assertThat(errand.isOver()).isTrue();
        assertThat(ended).containsExactly("running", "late");
    }
}
