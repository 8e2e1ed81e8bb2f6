package dev.stowage.registry.cache;

import static dev.stowage.registry.cache.CacheFixture.APP;
import static dev.stowage.registry.cache.CacheFixture.NEW;
import static dev.stowage.registry.cache.CacheFixture.NOBODY;
import static dev.stowage.registry.cache.CacheFixture.OLD;
import static dev.stowage.registry.cache.CacheFixture.TENANT_A;
import static dev.stowage.registry.cache.CacheFixture.failed;
import static dev.stowage.registry.cache.CacheFixture.found;
import static dev.stowage.registry.cache.CacheFixture.kind;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.registry.Content;
import dev.stowage.registry.RegistryFailure.Kind;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TagTest {

    private static final Duration TTL = CacheSettings.DEFAULT.tagTtl();

    private final CacheFixture fixture = new CacheFixture();
    private final HeldRegistry registry = fixture.registry;
    private final CachingRegistry cache = fixture.cache;

    @Test
    void aTagIsBelievedForItsTimeAndAnsweredAtOnce() {
        fixture.tagged(OLD, NOBODY);
        fixture.pass(TTL.minusNanos(1));

        assertThat(found(fixture.tag(NOBODY))).isSameAs(OLD);
        assertThat(found(fixture.digest(NOBODY))).isEqualTo(OLD.digest());
        assertThat(registry.newRequests()).isEmpty();
        assertThat(fixture.met).containsExactly("tag miss", "tag hit", "tag_digest hit");
    }

    @Test
    void thenItIsAskedAboutWithAHeadRequestAndKeptWhenItNamesTheSame() {
        fixture.tagged(OLD, NOBODY);
        fixture.pass(TTL);

        var answer = fixture.tag(NOBODY);
        registry.head().find(OLD.digest());

        assertThat(found(answer)).isEqualTo(OLD);
        assertThat(found(answer).stale()).isEmpty();
        fixture.pass(TTL.minusNanos(1));
        assertThat(found(fixture.tag(NOBODY))).isEqualTo(OLD);
        assertThat(registry.newRequests()).containsExactly("HEAD app:t");
    }

    @Test
    void aTagThatIsConfirmedAgainAndAgainIsReadOnceOnly() {
        fixture.tagged(OLD, NOBODY);
        for (int day = 0; day < 5; day++) {
            fixture.pass(Duration.ofHours(20));
            var answer = fixture.tag(NOBODY);
            registry.head().find(OLD.digest());
            assertThat(found(answer)).isEqualTo(OLD);
        }

        assertThat(registry.newRequests()).hasSize(5).containsOnly("HEAD app:t");
    }

    @Test
    void aTagThatHasMovedIsReadAnew() {
        fixture.tagged(OLD, NOBODY);
        fixture.pass(TTL);

        var answer = fixture.tag(NOBODY);
        registry.head().find(NEW.digest());
        registry.get().find(NEW);

        assertThat(found(answer)).isEqualTo(NEW);
        assertThat(found(fixture.tag(NOBODY))).isEqualTo(NEW);
        assertThat(found(fixture.digest(NOBODY))).isEqualTo(NEW.digest());
        assertThat(registry.newRequests()).containsExactly("HEAD app:t", "GET app:t");
    }

    @Test
    @DisplayName("HEAD and GET disagree: the bytes decide")
    void headAndGetDisagree() {
        fixture.tagged(OLD, NOBODY);
        fixture.pass(TTL);

        var answer = fixture.tag(NOBODY);
        registry.head().find(Digest.of(new byte[] {7}));
        registry.get().find(NEW);

        assertThat(found(answer)).isEqualTo(NEW);
        assertThat(found(fixture.digest(NOBODY))).isEqualTo(NEW.digest());
    }

    @Test
    @DisplayName("a HEAD that cannot be made sense of: the bytes decide")
    void aHeadThatCannotBeMadeSenseOf() {
        fixture.tagged(OLD, NOBODY);
        fixture.pass(TTL);

        var answer = fixture.tag(NOBODY);
        registry.head().fail(Kind.INVALID);
        registry.get().find(OLD);

        assertThat(found(answer)).isEqualTo(OLD);
    }

    @Test
    @DisplayName("a tag that moves while it is requested is one answer for all who wait")
    void aMovingTagIsOneAnswer() {
        fixture.tagged(OLD, NOBODY);
        fixture.pass(TTL);

        var first = fixture.tag(NOBODY);
        registry.head().find(NEW.digest());
        var second = fixture.tag(NOBODY);
        registry.get().find(NEW);

        assertThat(found(first)).isSameAs(NEW);
        assertThat(found(second)).isSameAs(NEW);
        assertThat(registry.newRequests()).containsExactly("HEAD app:t", "GET app:t");
    }

    @Test
    @DisplayName("an access that has seen the new one never sees the old one again")
    void answersNeverGoBack() {
        var own = fixture.tag(TENANT_A);
        HeldRegistry.Request<Content> ownRequest = registry.get();
        fixture.tagged(OLD, NOBODY);
        fixture.pass(Duration.ofSeconds(1));
        ownRequest.find(NEW);

        assertThat(found(own)).isEqualTo(NEW);
        assertThat(found(fixture.tag(TENANT_A))).isEqualTo(NEW);
        assertThat(found(fixture.tag(NOBODY))).isEqualTo(OLD);
    }

    @ParameterizedTest(name = "{0}: last known good, marked stale")
    @EnumSource(names = {"UNAVAILABLE", "TIMEOUT", "RATE_LIMITED"})
    void whileTheRegistryCannotBeAskedTheLastKnownGoodStandsIn(Kind kind) {
        fixture.tagged(OLD, NOBODY);
        fixture.pass(Duration.ofMinutes(59));

        var answer = fixture.tag(NOBODY);
        registry.head().fail(kind);

        assertThat(found(answer).bytes()).isSameAs(OLD.bytes());
        Content.Stale stale = found(answer).stale().orElseThrow();
        assertThat(stale.age()).isEqualTo(Duration.ofMinutes(59));
        assertThat(stale.cause().kind()).isEqualTo(kind);
    }

    @Test
    @DisplayName("then others are answered at once, and the registry is contacted again after a while")
    void othersAreAnsweredAtOnce() {
        fixture.tagged(OLD, NOBODY);
        fixture.pass(TTL);
        fixture.tag(NOBODY);
        registry.head().fail(Kind.UNAVAILABLE);

        fixture.pass(Duration.ofSeconds(4));
        assertThat(found(fixture.tag(NOBODY)).stale().orElseThrow().age()).isEqualTo(TTL.plusSeconds(4));
        assertThat(registry.newRequests()).hasSize(1);
        assertThat(fixture.met).endsWith("tag stale");

        fixture.pass(Duration.ofSeconds(1));
        var recovered = fixture.tag(NOBODY);
        registry.head().find(OLD.digest());
        assertThat(found(recovered).stale()).isEmpty();
    }

    @Test
    @DisplayName("what is too old is not used")
    void whatIsTooOldIsNotUsed() {
        fixture.tagged(OLD, NOBODY);
        fixture.pass(CacheSettings.DEFAULT.staleFor().plusNanos(1));

        var answer = fixture.tag(NOBODY);
        registry.head().fail(Kind.UNAVAILABLE);

        assertThat(kind(answer)).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    @DisplayName("a registry never seen before is Unavailable")
    void nothingKnown() {
        var answer = fixture.tag(NOBODY);
        registry.get().fail(Kind.UNAVAILABLE);

        assertThat(kind(answer)).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    @DisplayName("a tag known to have moved is not answered with what it was")
    void aTagKnownToHaveMoved() {
        fixture.tagged(OLD, NOBODY);
        fixture.pass(TTL);
        var answer = fixture.tag(NOBODY);
        registry.head().find(NEW.digest());
        registry.get().fail(Kind.UNAVAILABLE);

        assertThat(kind(answer)).isEqualTo(Kind.UNAVAILABLE);
        assertThat(kind(fixture.tag(NOBODY))).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    @DisplayName("a caller whose time runs out while the registry is slow gets the last known good")
    void slowRegistry() {
        fixture.tagged(OLD, NOBODY);
        fixture.pass(TTL);

        Content content = cache.manifest(APP, "t", NOBODY, Deadline.in(Duration.ofMillis(20)))
                .join()
                .fold(found -> found, failure -> {
                    throw new AssertionError(failure.toString());
                });

        assertThat(content.stale().orElseThrow().cause().kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(registry.head().answer()).isCancelled();
    }

    @ParameterizedTest(name = "{0} is an answer, after which the last known good counts no more")
    @EnumSource(names = {"NOT_FOUND", "UNAUTHORIZED", "FORBIDDEN"})
    void aRefusalOnRevalidationIsAnAnswer(Kind kind) {
        fixture.tagged(OLD, TENANT_A);
        fixture.pass(TTL);
        var answer = fixture.tag(TENANT_A);
        registry.head().fail(kind);
        assertThat(kind(answer)).isEqualTo(kind);
        assertThat(kind(fixture.tag(TENANT_A))).isEqualTo(kind);

        fixture.pass(CacheSettings.DEFAULT.failureTtl());
        var later = fixture.tag(TENANT_A);
        registry.get().fail(Kind.UNAVAILABLE);
        assertThat(kind(later)).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void whoWasToldThatATagIsGoneDoesNotGetAnOlderAnonymousAnswer() {
        fixture.tagged(OLD, NOBODY);
        fixture.pass(TTL);
        fixture.tag(TENANT_A);
        registry.head().fail(Kind.NOT_FOUND);
        fixture.pass(CacheSettings.DEFAULT.failureTtl());

        var later = fixture.tag(TENANT_A);
        registry.get().fail(Kind.UNAVAILABLE);

        assertThat(kind(later)).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void aDigestIsNeverAnsweredStale() {
        fixture.tagged(OLD, NOBODY);
        fixture.pass(TTL);
        var answer = fixture.digest(NOBODY);
        registry.head().fail(Kind.UNAVAILABLE);

        assertThat(kind(answer)).isEqualTo(Kind.UNAVAILABLE);
        assertThat(kind(fixture.digest(NOBODY))).isEqualTo(Kind.UNAVAILABLE);
        assertThat(registry.newRequests()).hasSize(1);
    }

    @Test
    void askingForTheDigestConfirmsTheManifestToo() {
        fixture.tagged(OLD, NOBODY);
        fixture.pass(TTL);
        var digest = fixture.digest(NOBODY);
        var manifest = fixture.tag(NOBODY);
        registry.head().find(OLD.digest());

        assertThat(found(digest)).isEqualTo(OLD.digest());
        assertThat(found(manifest)).isEqualTo(OLD);
        assertThat(registry.newRequests()).containsExactly("HEAD app:t");
    }

    @Test
    void contentThatWasPushedOutIsReadByTagSinceThatCostsTheSame() {
        CacheFixture none = new CacheFixture(Settings.with(0));
        none.tagged(OLD, NOBODY);

        var answer = none.tag(NOBODY);
        none.registry.get().find(NEW);

        assertThat(found(answer)).isEqualTo(NEW);
        assertThat(none.registry.newRequests()).containsExactly("GET app:t");
    }

    @Test
    void withoutTimesEveryQuestionIsARequestAndNothingIsStale() {
        CacheFixture strict = new CacheFixture(Settings.withTimes(Duration.ZERO, Duration.ZERO));
        strict.tagged(OLD, NOBODY);
        strict.pass(Duration.ofNanos(1));

        var answer = strict.tag(NOBODY);
        strict.registry.head().fail(Kind.UNAVAILABLE);

        assertThat(kind(answer)).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    @DisplayName("during a pause for 429 cached answers continue, and the pause is not interrupted")
    void cachedAnswersGoOn() {
        fixture.tagged(OLD, NOBODY);
        fixture.pass(TTL);
        fixture.tag(NOBODY);
        registry.head().fail(Kind.RATE_LIMITED, Optional.of(Duration.ofSeconds(90)));
        registry.newRequests();

        fixture.pass(Duration.ofSeconds(89));
        assertThat(found(fixture.tag(NOBODY)).stale()).isPresent();
        assertThat(found(fixture.entry(OLD, NOBODY))).isEqualTo(OLD);
        assertThat(failed(fixture.digest(NOBODY)).retryAfter()).contains(Duration.ofSeconds(1));
        assertThat(registry.newRequests()).isEmpty();

        fixture.pass(Duration.ofSeconds(1));
        fixture.tag(NOBODY);
        assertThat(registry.newRequests()).containsExactly("HEAD app:t");
    }
}
