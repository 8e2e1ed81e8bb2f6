package dev.stowage.registry.cache;

import static dev.stowage.registry.cache.CacheFixture.APP;
import static dev.stowage.registry.cache.CacheFixture.NEW;
import static dev.stowage.registry.cache.CacheFixture.NOBODY;
import static dev.stowage.registry.cache.CacheFixture.OLD;
import static dev.stowage.registry.cache.CacheFixture.TENANT_A;
import static dev.stowage.registry.cache.CacheFixture.TENANT_B;
import static dev.stowage.registry.cache.CacheFixture.descriptor;
import static dev.stowage.registry.cache.CacheFixture.found;
import static dev.stowage.registry.cache.CacheFixture.kind;
import static dev.stowage.registry.cache.CacheFixture.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.registry.Credential;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.RegistryResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tenants are separate: B learns nothing of what A has read, from no method and in no state of the cache. */
@DisplayName("tenants")
class TenancyTest {

    /** One way of asking the cache for the image. */
    interface Question
            extends BiFunction<CacheFixture, ReadCredentials, CompletableFuture<? extends RegistryResult<?>>> {}

    private final CacheFixture fixture = new CacheFixture();
    private final HeldRegistry registry = fixture.registry;

    static Stream<Named<Question>> questions() {
        return Stream.of(
                Named.of("manifest by tag", CacheFixture::tag),
                Named.of("digest of a tag", CacheFixture::digest),
                Named.of(
                        "manifest by digest",
                        (fixture, credentials) ->
                                fixture.cache.manifest(APP, OLD.digest().toString(), credentials, soon())),
                Named.of("entry of an index", (fixture, credentials) -> fixture.entry(OLD, credentials)),
                Named.of("blob", (fixture, credentials) -> fixture.blob(OLD, credentials)));
    }

    @ParameterizedTest(name = "{0}: B asks with a request of its own and eyes of its own")
    @MethodSource("questions")
    void anAnswerForAIsNoneForB(Question question) {
        aReadsEverything();

        for (ReadCredentials other : List.of(TENANT_B, NOBODY, twoCredentials())) {
            CompletableFuture<? extends RegistryResult<?>> answer = question.apply(fixture, other);

            assertThat(answer).isNotDone();
            assertThat(registry.newRequests()).hasSize(1);
        }
        assertThat(question.apply(fixture, TENANT_A)).isDone();
        assertThat(registry.newRequests()).isEmpty();
    }

    @ParameterizedTest(name = "{0}: no namespace waits for the request of another, nor has its failures")
    @MethodSource("questions")
    void namespacesDoNotWaitForEachOther(Question question) {
        question.apply(fixture, NOBODY.forNamespace("noisy"));
        CompletableFuture<? extends RegistryResult<?>> quiet = question.apply(fixture, NOBODY.forNamespace("quiet"));
        assertThat(registry.newRequests()).hasSize(2);

        registry.last().fail(Kind.UNAVAILABLE);
        assertThat(kind(quiet)).isEqualTo(Kind.UNAVAILABLE);
        question.apply(fixture, NOBODY.forNamespace("third"));
        assertThat(registry.newRequests()).hasSize(1);
    }

    @Test
    @DisplayName("what one namespace read anonymously, others have from memory")
    void namespacesShareAnonymousContent() {
        fixture.tagged(OLD, NOBODY.forNamespace("a"));

        assertThat(found(fixture.tag(NOBODY.forNamespace("b")))).isEqualTo(OLD);
    }

    @ParameterizedTest(name = "{0}: B does not join a request that is in progress for A")
    @MethodSource("questions")
    void aRequestUnderWayForAIsNoneForB(Question question) {
        CompletableFuture<? extends RegistryResult<?>> forA = question.apply(fixture, TENANT_A);
        CompletableFuture<? extends RegistryResult<?>> forB = question.apply(fixture, TENANT_B);
        CompletableFuture<? extends RegistryResult<?>> forNobody = question.apply(fixture, NOBODY);

        assertThat(registry.newRequests()).hasSize(3);
        forA.cancel(true);
        assertThat(forB).isNotDone();
        assertThat(forNobody).isNotDone();
    }

    @ParameterizedTest(name = "{0}: a failure for A, or an anonymous one, is none for B")
    @MethodSource("questions")
    void aFailureForAIsNoneForB(Question question) {
        for (ReadCredentials first : List.of(TENANT_A, NOBODY)) {
            question.apply(fixture, first);
            failLast(Kind.NOT_FOUND);
            assertThat(kind(question.apply(fixture, first))).isEqualTo(Kind.NOT_FOUND);
        }
        registry.newRequests();

        assertThat(question.apply(fixture, TENANT_B)).isNotDone();
        assertThat(registry.newRequests()).hasSize(1);
    }

    @Test
    void bIsRefusedThoughTheBytesAreHere() {
        aReadsEverything();

        var tag = fixture.tag(TENANT_B);
        registry.get().fail(Kind.UNAUTHORIZED);

        assertThat(kind(tag)).isEqualTo(Kind.UNAUTHORIZED);
        assertThat(fixture.cache.known(APP, descriptor(OLD), TENANT_B)).isEmpty();
        assertThat(fixture.cache.known(APP, descriptor(OLD), NOBODY)).isEmpty();
        assertThat(fixture.cache.known(APP, descriptor(OLD), TENANT_A)).contains(OLD);
        assertThat(found(fixture.tag(TENANT_A))).isEqualTo(OLD);
    }

    @Test
    void bGetsNoLastKnownGoodAnswerOfA() {
        aReadsEverything();

        var down = fixture.tag(TENANT_B);
        registry.get().fail(Kind.UNAVAILABLE);
        var late = fixture.cache.manifest(APP, "t", NOBODY, Deadline.in(Duration.ZERO));

        assertThat(kind(down)).isEqualTo(Kind.UNAVAILABLE);
        assertThat(kind(fixture.tag(TENANT_B))).isEqualTo(Kind.UNAVAILABLE);
        assertThat(kind(late)).isEqualTo(Kind.TIMEOUT);
    }

    @Test
    void bReadsForItselfAndThenKnows() {
        aReadsEverything();
        var answer = fixture.tag(TENANT_B);
        registry.get().find(NEW);

        assertThat(found(answer)).isEqualTo(NEW);
        assertThat(found(fixture.tag(TENANT_B))).isEqualTo(NEW);
        assertThat(found(fixture.tag(TENANT_A))).isEqualTo(OLD);
        assertThat(fixture.cache.known(APP, descriptor(NEW), TENANT_A)).isEmpty();
    }

    @Test
    void whatAnyoneCanReadIsSharedWithEveryone() {
        fixture.tagged(OLD, NOBODY);

        assertThat(found(fixture.tag(TENANT_A))).isEqualTo(OLD);
        assertThat(found(fixture.digest(TENANT_B))).isEqualTo(OLD.digest());
        assertThat(found(fixture.entry(OLD, TENANT_B))).isEqualTo(OLD);
        assertThat(fixture.cache.known(APP, descriptor(OLD), TENANT_A)).contains(OLD);
        assertThat(registry.newRequests()).isEmpty();
    }

    @Test
    void aPublicTagIsConfirmedWithOnesOwnEyes() {
        fixture.tagged(OLD, NOBODY);
        fixture.pass(CacheSettings.DEFAULT.tagTtl());

        var answer = fixture.tag(TENANT_A);
        assertThat(registry.head().access()).isEqualTo(TENANT_A);
        registry.head().find(OLD.digest());

        assertThat(found(answer)).isEqualTo(OLD);
        assertThat(found(fixture.tag(TENANT_A))).isEqualTo(OLD);
        assertThat(fixture.tag(NOBODY)).isNotDone();
    }

    @Test
    void theSameCredentialsReadAgainAreTheSameIdentity() {
        fixture.tagged(OLD, TENANT_A);
        ReadCredentials again = new ReadCredentials(List.of(new Credential("a", "secret-a")));
        ReadCredentials otherPassword = new ReadCredentials(List.of(new Credential("a", "secret-b")));

        assertThat(found(fixture.tag(again))).isEqualTo(OLD);
        assertThat(fixture.tag(otherPassword)).isNotDone();
    }

    private static ReadCredentials twoCredentials() {
        return new ReadCredentials(
                List.of(TENANT_B.credentials().get(0), TENANT_A.credentials().get(0)));
    }

    private void aReadsEverything() {
        fixture.tagged(OLD, TENANT_A);
        fixture.blob(OLD, TENANT_A);
        registry.get().find(OLD);
        registry.newRequests();
    }

    private void failLast(Kind kind) {
        registry.last().fail(kind);
    }
}
