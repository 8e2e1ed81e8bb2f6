package dev.stowage.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.demo.SampleImages;
import dev.stowage.image.Repository;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Names whose name servers do not respond, in one namespace. */
class SlowNamesTest extends RegistryTesting {

    private final CountDownLatch respond = new CountDownLatch(1);
    private final Queue<String> lookedUp = new ConcurrentLinkedQueue<>();
    private HttpRegistry client;

    @BeforeEach
    void start() {
        new SampleImages(fake.store("good")).image("v1", Platform.of("linux", "amd64"));
        client = client(RegistrySettings.DEFAULT.withRules(RegistryRule.of("*").withInsecure(true)), this::resolve);
    }

    @AfterEach
    void letGo() {
        respond.countDown();
    }

    private InetAddress[] resolve(String host) throws UnknownHostException {
        lookedUp.add(host);
        if (host.startsWith("slow")) {
            try {
                respond.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1})};
    }

    private CompletableFuture<RegistryResult<Content>> ask(String namespace, String host, Duration time) {
        return client.manifest(
                new Repository(host + ":" + fake.server().port(), "good"),
                "v1",
                ReadCredentials.ANONYMOUS.forNamespace(namespace),
                Deadline.in(time));
    }

    private List<CompletableFuture<RegistryResult<Content>>> hundredSlowNames(Duration time) {
        List<CompletableFuture<RegistryResult<Content>>> slow = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            slow.add(ask("noisy", "slow" + i + ".test", time));
        }
        return slow;
    }

    @Test
    @DisplayName("a hundred of them: registries of other namespaces are read all the same")
    void othersGoOn() {
        List<CompletableFuture<RegistryResult<Content>>> slow = hundredSlowNames(LONG);

        for (int i = 0; i < 10; i++) {
            found(get(ask("quiet", "good" + i + ".test", LONG)));
        }

        assertThat(slow).noneMatch(CompletableFuture::isDone);
        slow.forEach(answer -> answer.cancel(true));
    }

    @Test
    @DisplayName("another namespace with one of these names does not wait in the queue of the first")
    void sameName() {
        hundredSlowNames(LONG);
        ask("noisy", "good.test", LONG);

        found(get(ask("quiet", "good.test", LONG)));
    }

    @Test
    @DisplayName("a look-up that nobody waits for any more is never started")
    void dropped() {
        hundredSlowNames(SHORT).forEach(answer -> assertKind(failure(get(answer)), Kind.TIMEOUT));

        respond.countDown();
        found(get(ask("noisy", "good.test", LONG)));

        // the last calls may be ending still
        assertThat(lookedUp.stream().filter(host -> host.startsWith("slow"))).hasSizeLessThan(50);
    }

    @Test
    @DisplayName("a name that does not resolve is remembered: the next requests do not wait for it")
    void remembered() {
        respond.countDown();
        for (int i = 0; i < 5; i++) {
            assertKind(failure(get(ask("a", "slow.test", LONG))), Kind.UNAVAILABLE);
        }

        assertThat(lookedUp).hasSize(1);
    }

    @Test
    @DisplayName("look-ups beyond the queue of a namespace are refused, which is not held against the registry")
    void queueIsBounded() {
        List<CompletableFuture<RegistryResult<Content>>> slow = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            slow.add(ask("noisy", "slow" + i + ".test", LONG));
        }

        assertThat(slow.stream().filter(CompletableFuture::isDone))
                .isNotEmpty()
                .allSatisfy(answer -> assertKind(failure(get(answer)), Kind.REFUSED));
        found(get(ask("quiet", "good.test", LONG)));
        slow.forEach(answer -> answer.cancel(true));
    }
}
