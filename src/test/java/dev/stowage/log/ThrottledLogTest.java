package dev.stowage.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.testing.LogCapture;
import dev.stowage.testing.TravelClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThrottledLogTest {

    private static final String UNAVAILABLE = "certificates: the API server is unavailable";

    private final TravelClock clock = new TravelClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final LogCapture written = new LogCapture();
    private final ThrottledLog log =
            new ThrottledLog(System.getLogger(ThrottledLog.class.getName()), "certificates", clock);

    @AfterEach
    void close() {
        written.close();
    }

    @Test
    void aProblemIsLoggedOnceAMinute() {
        for (int second = 0; second < 120; second++) {
            log.report("Secret", "the API server is unavailable");
            clock.travel(Duration.ofSeconds(1));
        }

        assertThat(written.lines()).containsExactly(UNAVAILABLE, UNAVAILABLE);
    }

    @Test
    void keysAreThrottledSeparately() {
        log.report("Secret", "one");
        log.report("webhook", "two");

        assertThat(written.lines()).containsExactly("certificates: one", "certificates: two");
    }

    @Test
    void theEndOfALoggedProblemIsLoggedOnce() {
        log.resolve("Secret");
        log.report("Secret", "one");
        log.resolve("Secret");
        log.resolve("Secret");

        assertThat(written.lines())
                .containsExactly("certificates: one", "certificates: the problem with the Secret is resolved");
    }

    @Test
    void aProblemThatComesAndGoesDoesNotFloodTheLog() {
        for (int second = 0; second < 59; second++) {
            log.report("Secret", "number " + second);
            log.resolve("Secret");
            clock.travel(Duration.ofSeconds(1));
        }

        assertThat(written.lines()).hasSize(2);
    }

    @Test
    void theSummaryHasTheLatestMessageOfEachProblem() {
        assertThat(log.summary()).isEmpty();
        log.report("b", "old");
        log.report("b", "new");
        log.report("a", "other");
        assertThat(log.summary()).contains("other; new");
        log.resolve("a");
        assertThat(log.summary()).contains("new");
        log.resolve("b");
        assertThat(log.summary()).isEmpty();
    }

    @Test
    void theIntervalCanBeLonger() {
        ThrottledLog daily =
                new ThrottledLog(System.getLogger(ThrottledLog.class.getName()), "cluster", Duration.ofDays(1), clock);
        daily.report("watch", "one");
        clock.travel(Duration.ofHours(23));
        daily.report("watch", "two");
        clock.travel(Duration.ofHours(1));
        daily.report("watch", "three");

        assertThat(written.lines()).containsExactly("cluster: one", "cluster: three");
    }
}
