package dev.stowage.testing;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;

/** Waits for what other threads and processes do. */
public final class Await {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);

    private Await() {}

    /** Waits until this holds. */
    public static void await(String what, Callable<Boolean> condition) {
        within(PATIENCE, what).until(condition);
    }

    /**
     * Waits until this holds.
     *
     * @param detail what a failure adds
     */
    public static void await(String what, Duration patience, Supplier<String> detail, Callable<Boolean> condition) {
        try {
            within(patience, what).until(condition);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(e.getMessage() + "; " + detail.get(), e);
        }
    }

    /** Waits until this value has stayed the same for that long. */
    public static void awaitStable(String what, Duration time, Callable<?> value) {
        AtomicReference<Object> last = new AtomicReference<>(new Object());
        within(PATIENCE, what).during(time).until(() -> {
            Object now = value.call();
            return Objects.equals(last.getAndSet(now), now);
        });
    }

    private static ConditionFactory within(Duration patience, String what) {
        return Awaitility.await(what)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .atMost(patience);
    }
}
