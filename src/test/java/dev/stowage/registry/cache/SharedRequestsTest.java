package dev.stowage.registry.cache;

import static dev.stowage.registry.cache.CacheFixture.APP;
import static dev.stowage.registry.cache.CacheFixture.NEW;
import static dev.stowage.registry.cache.CacheFixture.NOBODY;
import static dev.stowage.registry.cache.CacheFixture.OLD;
import static dev.stowage.registry.cache.CacheFixture.TENANT_A;
import static dev.stowage.registry.cache.CacheFixture.descriptor;
import static dev.stowage.registry.cache.CacheFixture.found;
import static dev.stowage.registry.cache.CacheFixture.kind;
import static dev.stowage.registry.cache.CacheFixture.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.registry.Content;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedRequestsTest {

    private final CacheFixture fixture = new CacheFixture();
    private final HeldRegistry registry = fixture.registry;
    private final CachingRegistry cache = fixture.cache;

    @Test
    @DisplayName("1,000 pods of one new image: one request")
    void oneRequestForOneThing() {
        List<CompletableFuture<RegistryResult<Content>>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            answers.add(fixture.tag(NOBODY));
        }
        assertThat(cache.inFlight()).isEqualTo(1);
        registry.get().find(OLD);

        assertThat(answers).allSatisfy(answer -> assertThat(found(answer)).isSameAs(OLD));
        assertThat(registry.newRequests()).containsExactly("GET app:t");
        assertThat(fixture.met).containsOnlyOnce("tag miss").hasSize(1000);
        assertThat(cache.inFlight()).isZero();
    }

    @Test
    @DisplayName("200 new images at once: one request each, and none waits for another")
    void manyImages() {
        List<CompletableFuture<RegistryResult<Content>>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            answers.add(cache.manifest(APP, "t" + i, NOBODY, soon()));
        }
        registry.get().find(OLD);

        assertThat(registry.newRequests()).hasSize(200).doesNotHaveDuplicates();
        assertThat(found(answers.get(199))).isEqualTo(OLD);
        assertThat(answers.subList(0, 199)).noneMatch(CompletableFuture::isDone);
    }

    @RepeatedTest(20)
    @DisplayName("200 callers on several threads, while the answer arrives: one request")
    void callersOnSeveralThreads() throws Exception {
        assertThat(whenCalledBy200(() -> registry.get().find(OLD)))
                .allSatisfy(answer -> assertThat(found(answer)).isSameAs(OLD));
        assertThat(registry.count()).isEqualTo(1);
        assertThat(cache.inFlight()).isZero();
    }

    @RepeatedTest(20)
    @DisplayName("200 callers on several threads, while a failure arrives: one request")
    void callersOnSeveralThreadsAndAFailure() throws Exception {
        assertThat(whenCalledBy200(() -> registry.get().fail(Kind.UNAVAILABLE)))
                .allSatisfy(answer -> assertThat(kind(answer)).isEqualTo(Kind.UNAVAILABLE));
        assertThat(registry.count()).isEqualTo(1);
    }

    /** The event happens once the first of 200 callers on eight threads has asked, in the midst of the others. */
    private List<CompletableFuture<RegistryResult<Content>>> whenCalledBy200(Runnable event) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        CountDownLatch go = new CountDownLatch(1);
        try {
            List<Future<CompletableFuture<RegistryResult<Content>>>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                calls.add(threads.submit(() -> {
                    go.await();
                    return fixture.tag(NOBODY);
                }));
            }
            go.countDown();
            registry.awaitRequest();
            event.run();
            return joined(calls);
        } finally {
            threads.shutdown();
        }
    }

    private static List<CompletableFuture<RegistryResult<Content>>> joined(
            List<Future<CompletableFuture<RegistryResult<Content>>>> calls)
            throws InterruptedException, ExecutionException {
        List<CompletableFuture<RegistryResult<Content>>> answers = new ArrayList<>();
        for (Future<CompletableFuture<RegistryResult<Content>>> call : calls) {
            CompletableFuture<RegistryResult<Content>> answer = call.get();
            answer.join();
            answers.add(answer);
        }
        return answers;
    }

    @Test
    @DisplayName("an answer that arrives between looking and asking is taken")
    void anAnswerBetweenLookingAndAsking() {
        // a remembered failure that does not count for the patient is what makes the cache look at the clock
        cache.manifest(APP, "t", NOBODY, Deadline.in(Duration.ofSeconds(1)));
        registry.get().fail(Kind.TIMEOUT);
        cache.manifest(APP, descriptor(NEW), NOBODY, Deadline.in(Duration.ofSeconds(1)));
        registry.get().fail(Kind.TIMEOUT);
        registry.newRequests();

        fixture.tag(NOBODY);
        HeldRegistry.Request<Content> tag = registry.get();
        fixture.duringTheNextLook(() -> tag.find(OLD));
        assertThat(found(fixture.tag(NOBODY))).isEqualTo(OLD);

        fixture.entry(NEW, NOBODY);
        HeldRegistry.Request<Content> entry = registry.get();
        fixture.duringTheNextLook(() -> entry.find(NEW));
        assertThat(found(fixture.entry(NEW, NOBODY))).isEqualTo(NEW);

        assertThat(registry.newRequests()).hasSize(2);
    }

    @Test
    @DisplayName("a failure that arrives between looking and asking is taken")
    void aFailureBetweenLookingAndAsking() {
        cache.manifest(APP, "t", NOBODY, Deadline.in(Duration.ofSeconds(1)));
        registry.get().fail(Kind.TIMEOUT);
        fixture.tag(NOBODY);
        registry.newRequests();

        fixture.duringTheNextLook(() -> registry.get().fail(Kind.NOT_FOUND));

        assertThat(kind(fixture.tag(NOBODY))).isEqualTo(Kind.NOT_FOUND);
        assertThat(registry.newRequests()).isEmpty();
    }

    @Test
    @DisplayName("who is in a hurry gets Timeout in time, and the others their answer")
    void aHurriedWaiterHarmsNobody() {
        var patient = fixture.tag(NOBODY);
        var hurried = cache.manifest(APP, "t", NOBODY, Deadline.in(Duration.ofMillis(20)));
        hurried.join();

        assertThat(kind(hurried)).isEqualTo(Kind.TIMEOUT);
        assertThat(registry.get().answer()).isNotDone();
        registry.get().find(OLD);
        assertThat(found(patient)).isEqualTo(OLD);
        assertThat(found(fixture.tag(NOBODY))).isEqualTo(OLD);
    }

    @Test
    void aDeadlineThatHasPassedCostsNoRequest() {
        var late = cache.manifest(APP, "t", NOBODY, Deadline.in(Duration.ZERO));

        assertThat(kind(late)).isEqualTo(Kind.TIMEOUT);
        assertThat(registry.newRequests()).isEmpty();
    }

    @Test
    void aRequestIsGivenThePatienceOrTheFirstCallersTimeWhicheverIsLonger() {
        cache.manifest(APP, "hurried", NOBODY, Deadline.in(Duration.ofSeconds(1)));
        assertThat(registry.get().deadline().remaining())
                .isBetween(Duration.ofSeconds(5), CacheSettings.DEFAULT.patience());

        Deadline patient = soon();
        cache.manifest(APP, "patient", NOBODY, patient);
        assertThat(registry.get().deadline()).isEqualTo(patient);
    }

    @Test
    void aPatientCallerDoesNotGetTheTimeoutOfAHurriedOnesRequest() {
        var hurried = cache.manifest(APP, "t", NOBODY, Deadline.in(Duration.ofSeconds(5)));
        var patient = fixture.tag(NOBODY);
        registry.get().fail(Kind.TIMEOUT);

        assertThat(kind(hurried)).isEqualTo(Kind.TIMEOUT);
        assertThat(patient).isNotDone();
        assertThat(registry.newRequests()).containsExactly("GET app:t", "GET app:t");
        registry.get().find(OLD);
        assertThat(found(patient)).isEqualTo(OLD);
    }

    @Test
    void aPatientCallerWhoGaveUpInTheSecondRequestEndsIt() {
        cache.manifest(APP, "t", NOBODY, Deadline.in(Duration.ofSeconds(5)));
        var patient = fixture.tag(NOBODY);
        registry.get().fail(Kind.TIMEOUT);

        patient.cancel(true);

        assertThat(registry.get().answer()).isCancelled();
        assertThat(cache.inFlight()).isZero();
    }

    @Test
    void aTimeoutWithinTheCallersOwnTimeIsFinal() {
        var answer = fixture.tag(NOBODY);
        registry.get().fail(Kind.TIMEOUT);

        assertThat(kind(answer)).isEqualTo(Kind.TIMEOUT);
        assertThat(registry.newRequests()).hasSize(1);
    }

    @Test
    @DisplayName("a caller goes away: the request continues for the others")
    void othersWaitForTheSameThing() {
        var first = fixture.tag(NOBODY);
        var second = fixture.tag(NOBODY);

        first.cancel(true);

        assertThat(registry.get().answer()).isNotDone();
        registry.get().find(OLD);
        assertThat(found(second)).isEqualTo(OLD);
    }

    @Test
    @DisplayName("the last caller goes away: the request is called off, and leaves nothing behind")
    void nobodyWaitsAnyMore() {
        var first = fixture.tag(NOBODY);
        var second = fixture.tag(NOBODY);

        first.cancel(true);
        second.cancel(true);

        assertThat(registry.get().answer()).isCancelled();
        assertThat(cache.inFlight()).isZero();
        assertThat(fixture.tag(NOBODY)).isNotDone();
        assertThat(registry.newRequests()).hasSize(2);
    }

    @Test
    @DisplayName("the last caller goes away during a revalidation: whichever step is in progress is called off")
    void duringARevalidation() {
        fixture.tagged(OLD, NOBODY);
        fixture.pass(CacheSettings.DEFAULT.tagTtl());
        var first = fixture.tag(NOBODY);
        first.cancel(true);
        assertThat(registry.head().answer()).isCancelled();

        var second = fixture.tag(NOBODY);
        registry.head().find(NEW.digest());
        second.cancel(true);
        assertThat(registry.get().answer()).isCancelled();
        assertThat(cache.inFlight()).isZero();
    }

    @Test
    @DisplayName("a revalidation is not called off while someone waits for the digest alone")
    void aRevalidationSharedWithAnotherQuestion() {
        fixture.tagged(OLD, NOBODY);
        fixture.pass(CacheSettings.DEFAULT.tagTtl());
        var manifest = fixture.tag(NOBODY);
        var digest = fixture.digest(NOBODY);

        manifest.cancel(true);

        assertThat(registry.head().answer()).isNotDone();
        registry.head().find(OLD.digest());
        assertThat(found(digest)).isEqualTo(OLD.digest());
    }

    @Test
    void aBrokenClientIsNotWaitedForNorRemembered() {
        var answer = fixture.tag(NOBODY);
        registry.get().answer().completeExceptionally(new IllegalStateException("broken"));

        assertThat(answer).isCompletedExceptionally();
        assertThat(cache.inFlight()).isZero();
        assertThat(fixture.tag(NOBODY)).isNotDone();
    }

    @Test
    @DisplayName("request count: same tag again 0; another tag 1; digest seen before 0; single manifests 1 more, once")
    void requestCount() {
        fixture.tagged(OLD, TENANT_A);
        found(fixture.tag(TENANT_A));
        assertThat(registry.newRequests()).isEmpty();

        cache.manifest(APP, "second", TENANT_A, soon());
        registry.get().find(NEW);
        assertThat(registry.newRequests()).hasSize(1);

        found(cache.manifest(APP, NEW.digest().toString(), TENANT_A, soon()));
        assertThat(registry.newRequests()).isEmpty();

        Content config = CacheFixture.document("{\"architecture\":\"arm64\"}");
        fixture.blob(config, TENANT_A);
        registry.get().find(config);
        found(fixture.blob(config, TENANT_A));
        assertThat(registry.newRequests()).hasSize(1);
    }
}
