package dev.stowage.registry.cache;

import static dev.stowage.registry.cache.CacheFixture.APP;
import static dev.stowage.registry.cache.CacheFixture.NOBODY;
import static dev.stowage.registry.cache.CacheFixture.TENANT_A;
import static dev.stowage.registry.cache.CacheFixture.TENANT_B;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.cache.HeldRegistry.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Random calls, faults, moving tags and callers that go away, by a seeded generator and on one thread, so that a failure can be
 * had again.
 */
class CacheSoakTest {

    private static final int STEPS = 15_000;
    /** What a tag names from this moment on. */
    private record Version(Content content, Duration from) {}

    private static final List<ReadCredentials> TENANTS = List.of(NOBODY, TENANT_A, TENANT_B);
    private static final Kind[] FAULTS = {
        Kind.UNAVAILABLE, Kind.TIMEOUT, Kind.RATE_LIMITED, Kind.INVALID, Kind.UNAUTHORIZED
    };

    private final Random random = new Random(20_260_101);
    private final CacheFixture fixture = new CacheFixture(Settings.with(20_000));
    private final Map<String, List<Version>> history = new HashMap<>();
    private final List<String> untrue = new ArrayList<>();
    private final List<CompletableFuture<?>> waiting = new ArrayList<>();
    private Duration now = Duration.ZERO;
    private int found;
    private int stale;

    @Test
    @DisplayName("a soak of random faults: every answer was true within its time, and nothing is left over")
    void soak() {
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(6)) {
                case 0 -> move("t" + random.nextInt(20), step);
                case 1 -> pass(Duration.ofSeconds(random.nextInt(40)));
                case 2 -> abandonOne();
                default -> ask("t" + random.nextInt(20));
            }
            answerSome();
        }
        while (fixture.cache.inFlight() > 0) {
            answerSome();
        }

        assertThat(untrue).isEmpty();
        assertThat(waiting).allMatch(CompletableFuture::isDone);
        assertThat(found).isGreaterThan(1000);
        assertThat(stale).isGreaterThan(100);
        fixture.assertThatCachesAreWithinBounds();
    }

    private void move(String tag, int step) {
        history.computeIfAbsent(tag, none -> new ArrayList<>())
                .add(new Version(CacheFixture.document("{\"" + tag + "\":" + step + "}"), now));
    }

    private void ask(String tag) {
        ReadCredentials credentials = TENANTS.get(random.nextInt(TENANTS.size()));
        CompletableFuture<RegistryResult<Content>> answer =
                fixture.cache.manifest(APP, tag, credentials, Deadline.in(Duration.ofMinutes(10)));
        answer.thenAccept(came -> came.fold(content -> check(tag, content), RegistryFailure::kind));
        waiting.add(answer);
    }

    private void pass(Duration time) {
        now = now.plus(time);
        fixture.pass(time);
    }

    private Content check(String tag, Content content) {
        found++;
        Duration age = CacheSettings.DEFAULT.tagTtl();
        if (content.stale().isPresent()) {
            stale++;
            age = content.stale().get().age();
        }
        if (age.compareTo(CacheSettings.DEFAULT.staleFor()) > 0 || !named(tag, content, now.minus(age))) {
            untrue.add(tag + " " + content);
        }
        return content;
    }

    /** Whether the tag named this at some time since then. */
    private boolean named(String tag, Content content, Duration since) {
        List<Version> versions = history.getOrDefault(tag, List.of());
        for (int i = 0; i < versions.size(); i++) {
            boolean ended =
                    i + 1 < versions.size() && versions.get(i + 1).from().compareTo(since) < 0;
            if (!ended && versions.get(i).content().digest().equals(content.digest())) {
                return true;
            }
        }
        return false;
    }

    private void abandonOne() {
        if (!waiting.isEmpty()) {
            waiting.remove(random.nextInt(waiting.size())).cancel(true);
        }
    }

    private void answerSome() {
        for (Request<?> request : fixture.registry.open()) {
            if (random.nextBoolean()) {
                answer(request);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private void answer(Request<?> request) {
        String tag = request.line().substring(request.line().lastIndexOf(':') + 1);
        List<Version> all = history.getOrDefault(tag, List.of());
        if (random.nextInt(3) == 0) {
            request.fail(FAULTS[random.nextInt(FAULTS.length)]);
        } else if (all.isEmpty()) {
            request.fail(Kind.NOT_FOUND);
        } else if (request.line().startsWith("HEAD")) {
            ((Request<Digest>) request).find(all.get(all.size() - 1).content().digest());
        } else {
            ((Request<Content>) request).find(all.get(all.size() - 1).content());
        }
    }
}
