package dev.stowage.registry.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.CallContext;
import dev.stowage.async.Deadline;
import dev.stowage.registry.RegistryRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Requests in flight, of one host and over all hosts, of one namespace and of all. */
class ConnectionLimitsTest {

    private final AtomicLong now = new AtomicLong();
    private final ConnectionLimits limits = new ConnectionLimits(16, now::get);
    private final List<CompletableFuture<String>> inFlight = new ArrayList<>();

    private static CallContext of(String namespace) {
        return new CallContext(Deadline.in(Duration.ofHours(1)), namespace);
    }

    private CompletableFuture<String> request(String namespace, String host, RegistryRule rule) {
        return limits.execute(host, rule, of(namespace), () -> {
            CompletableFuture<String> request = new CompletableFuture<>();
            inFlight.add(request);
            return request;
        });
    }

    private CompletableFuture<String> request(String namespace, String host) {
        return request(namespace, host, RegistryRule.of(host));
    }

    @Test
    @DisplayName("a namespace that requests 2,000 hosts has a quarter of the connections, and all namespaces 256")
    void overAllHosts() {
        for (int i = 0; i < 1_500; i++) {
            request("noisy", "host" + i + ".test");
        }
        assertThat(inFlight).hasSize(64);

        request("quiet", "good.test");
        assertThat(inFlight).hasSize(65);

        for (int namespace = 0; namespace < 10; namespace++) {
            for (int i = 0; i < 100; i++) {
                request("n" + namespace, "host" + namespace + "-" + i + ".test");
            }
        }
        assertThat(limits.inFlight()).isEqualTo(256);
        assertThat(inFlight).hasSize(256);
    }

    @Test
    @DisplayName("a namespace leaves a quarter of a host's places to others")
    void ofOneHost() {
        for (int i = 0; i < 100; i++) {
            request("noisy", "shared.test");
        }
        assertThat(inFlight).hasSize(12);

        for (int i = 0; i < 10; i++) {
            request("quiet", "shared.test");
        }
        assertThat(inFlight).hasSize(16);
    }

    @Test
    @DisplayName("a host that does not respond takes no place of other hosts")
    void busyHost() {
        for (int i = 0; i < 500; i++) {
            request("a", "slow.test");
        }
        for (int i = 0; i < 16; i++) {
            request("a", "good" + i + ".test");
        }
        assertThat(inFlight).hasSize(12 + 16);
    }

    @Test
    @DisplayName("hosts are forgotten when their requests have ended and their rate limit allows the next one")
    void forgotten() {
        RegistryRule limited = RegistryRule.of("*").withLimits(OptionalDouble.of(0.5), OptionalInt.empty());
        for (int i = 0; i < 1_000; i++) {
            request("a", "host" + i + ".test", i % 2 == 0 ? limited : RegistryRule.of("*"));
            limits.pace("host" + i + ".test", Duration.ofHours(1));
            inFlight.get(i).complete("done");
        }
        assertThat(limits.hosts()).isEqualTo(500);

        now.addAndGet(Duration.ofSeconds(3).toNanos());
        for (int i = 1_000; i < 2_000; i++) {
            request("a", "host" + i + ".test", limited);
            limits.pace("host" + i + ".test", Duration.ofHours(1));
            inFlight.get(i).complete("done");
        }
        assertThat(limits.hosts()).as("the first 500 are gone").isEqualTo(1_000);
    }

    @Test
    @DisplayName("a request that is cancelled while it waits is never started")
    void cancelled() {
        for (int i = 0; i < 12; i++) {
            request("a", "slow.test");
        }
        CompletableFuture<String> waiting = request("a", "slow.test");
        waiting.cancel(true);
        inFlight.get(0).complete("done");

        assertThat(inFlight).hasSize(12);
        assertThat(limits.inFlight()).isEqualTo(11);
    }
}
