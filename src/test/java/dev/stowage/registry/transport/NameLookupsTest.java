package dev.stowage.registry.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.CallContext;
import dev.stowage.async.Deadline;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How long look-ups are remembered, how much memory they take, and who waits for them. */
class NameLookupsTest {

    private static final CallContext CONTEXT = new CallContext(Deadline.in(Duration.ofHours(1)), "a");

    private final AtomicLong now = new AtomicLong();
    private final List<String> lookedUp = new ArrayList<>();
    private final List<Runnable> threads = new ArrayList<>();
    private final NameLookups lookups = new NameLookups(this::resolve, Runnable::run, now::get);
    private final NameLookups waiting = new NameLookups(this::resolve, threads::add, now::get);

    private InetAddress[] resolve(String host) throws UnknownHostException {
        lookedUp.add(host);
        if (host.startsWith("unknown")) {
            throw new UnknownHostException(host);
        }
        InetAddress[] addresses = new InetAddress[host.startsWith("many") ? 4_000 : 1];
        Arrays.fill(addresses, InetAddress.getByName("192.0.2.1"));
        return addresses;
    }

    private List<InetAddress> resolve(String host, Duration maxAge) {
        return lookups.resolve(host, CONTEXT, maxAge).join();
    }

    @Test
    @DisplayName("addresses are remembered for some seconds, and not when a fresh result is needed")
    void remembered() {
        for (int i = 0; i < 3; i++) {
            assertThat(resolve("a.test", NameLookups.REMEMBERED)).hasSize(1);
        }
        assertThat(lookedUp).hasSize(1);

        now.addAndGet(Duration.ofSeconds(2).toNanos());
        resolve("a.test", Duration.ofSeconds(1));
        assertThat(lookedUp).hasSize(2);

        now.addAndGet(NameLookups.REMEMBERED.toNanos());
        resolve("a.test", NameLookups.REMEMBERED);
        assertThat(lookedUp).hasSize(3);
    }

    @Test
    @DisplayName("that a name does not resolve is remembered")
    void failuresRemembered() {
        assertThat(resolve("unknown.test", NameLookups.REMEMBERED)).isEmpty();
        assertThat(resolve("unknown.test", NameLookups.REMEMBERED)).isEmpty();

        assertThat(lookedUp).hasSize(1);
    }

    @Test
    @DisplayName("many callers of one name are one look-up; it starts in the first turn of any of them")
    void shared() {
        for (int i = 0; i < 50; i++) {
            waiting.resolve("noisy" + i + ".test", new CallContext(CONTEXT.deadline(), "noisy"), Duration.ZERO);
        }
        CompletableFuture<?> queued =
                waiting.resolve("shared.test", new CallContext(CONTEXT.deadline(), "noisy"), Duration.ZERO);
        assertThat(threads).hasSize(4);

        CompletableFuture<?> quiet =
                waiting.resolve("shared.test", new CallContext(CONTEXT.deadline(), "quiet"), Duration.ZERO);
        assertThat(threads).hasSize(5);
        threads.get(4).run();

        assertThat(quiet).isCompleted();
        assertThat(queued).isCompleted();
        assertThat(lookedUp).containsExactly("shared.test");
    }

    @Test
    @DisplayName("a look-up that nobody waits for leaves nothing behind")
    void dropped() {
        List<CallContext> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            calls.add(new CallContext(CONTEXT.deadline(), "a"));
            waiting.resolve("slow" + i + ".test", calls.get(i), Duration.ZERO);
        }
        calls.forEach(CallContext::end);
        assertThat(waiting.size()).isEqualTo(4);

        List.copyOf(threads).forEach(Runnable::run);
        assertThat(threads).hasSize(4);
        assertThat(waiting.size()).isZero();
    }

    @Test
    @DisplayName("a resolver that fails with any exception ends its look-up")
    void unforeseen() {
        NameLookups failing = new NameLookups(
                host -> {
                    throw new IllegalArgumentException(host);
                },
                Runnable::run,
                now::get);

        assertThat(failing.resolve("a.test", CONTEXT, Duration.ZERO)).isCompletedExceptionally();
        assertThat(failing.size()).isZero();
    }

    @Test
    @DisplayName("what is remembered is bounded by names and addresses")
    void bounded() {
        for (int i = 0; i < 1_000; i++) {
            resolve("many" + i + ".test", NameLookups.REMEMBERED);
        }
        lookups.cache().cleanUp();

        assertThat(lookups.cache().estimatedSize() * 4_000 * 80).isLessThanOrEqualTo(NameLookups.MAX_BYTES);
    }
}
