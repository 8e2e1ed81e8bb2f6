package dev.stowage.registry.cache;

import static dev.stowage.registry.cache.CacheFixture.APP;
import static dev.stowage.registry.cache.CacheFixture.NEW;
import static dev.stowage.registry.cache.CacheFixture.OLD;
import static dev.stowage.registry.cache.CacheFixture.found;
import static dev.stowage.registry.cache.CacheFixture.kind;
import static dev.stowage.registry.cache.CacheFixture.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.registry.Access;
import dev.stowage.registry.Access.Origin;
import dev.stowage.registry.Answer;
import dev.stowage.registry.Content;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.auth.Credential;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was known before a restart, in front of a cache that knows nothing yet. */
class RecallTest {

    private static final Duration TTL = CacheSettings.DEFAULT.tagTtl();
    private static final String TEXT = "{\"abridged\":true}";
    private static final Access SHOP = as("shop", "", Origin.ANYONE);
    private static final Access OTHER = as("other", "", Origin.ANYONE);
    private static final Access LOGIN = as("shop", "login", "secret login 1 1");

    private final CacheFixture fixture = new CacheFixture();
    private final Recollections recollections = new Recollections(fixture::now);
    private final RecallingRegistry registry = new RecallingRegistry(
            fixture.cache,
            recollections,
            CacheSettings.DEFAULT,
            (thing, outcome) -> fixture.met.add(thing.label() + " " + outcome.label()));

    private static Access as(String namespace, String user, String... sources) {
        List<Credential> credentials = user.isEmpty() ? List.of() : List.of(new Credential(user, "secret-" + user));
        return new Access(credentials, Optional.of(new Origin(namespace, List.of(sources))));
    }

    /** The tag named OLD that long ago, read by this source, in the namespace "shop". */
    private void known(String readAs, Duration age) {
        known("t", readAs, age);
    }

    private void known(String target, String readAs, Duration age) {
        recollections.put(
                "shop",
                APP,
                target,
                new Recollection(readAs, OLD.digest(), MediaTypes.OCI_INDEX, TEXT, List.of()),
                age);
    }

    private CompletableFuture<Answer<Content>> tag(Access access) {
        return registry.manifest(APP, "t", access, soon());
    }

    private void assertRecalled(CompletableFuture<Answer<Content>> answer) {
        Content content = found(answer);
        assertThat(new String(content.bytes(), StandardCharsets.UTF_8)).isEqualTo(TEXT);
        assertThat(content.digest()).isEqualTo(OLD.digest());
        assertThat(content.contentType()).isEqualTo(MediaTypes.OCI_INDEX);
    }

    @Test
    void aTagIsBelievedForTheRestOfItsTimeAndThenConfirmed() {
        known(Origin.ANYONE, TTL.minusMinutes(1));

        assertRecalled(tag(SHOP));
        assertThat(fixture.registry.newRequests()).isEmpty();
        assertThat(fixture.met).containsExactly("tag recalled");

        fixture.pass(Duration.ofMinutes(1));
        var later = tag(SHOP);
        assertThat(fixture.registry.newRequests()).containsExactly("HEAD app:t");
        fixture.registry.head().find(OLD.digest());
        assertRecalled(later);

        fixture.pass(TTL.minusNanos(1));
        assertRecalled(tag(SHOP));
        assertThat(fixture.registry.newRequests()).isEmpty();
    }

    @Test
    void aTagThatHasMovedIsRead() {
        known(Origin.ANYONE, TTL);

        var answer = tag(SHOP);
        fixture.registry.head().find(NEW.digest());
        fixture.registry.get().find(NEW);

        assertThat(found(answer)).isEqualTo(NEW);
        assertThat(found(tag(SHOP))).isEqualTo(NEW);
        assertThat(fixture.registry.newRequests()).containsExactly("HEAD app:t", "GET app:t");
    }

    @Test
    void whatTheRegistryHasSaidSinceCountsForMore() {
        fixture.tagged(NEW, OTHER);
        known(Origin.ANYONE, Duration.ofMinutes(1));

        assertThat(found(tag(SHOP))).isEqualTo(NEW);
        assertThat(fixture.registry.newRequests()).isEmpty();
    }

    @Test
    void aTagThatIsGoneSinceDoesNotComeBack() {
        var gone = fixture.tag(OTHER);
        fixture.registry.get().fail(Kind.NOT_FOUND);
        assertThat(kind(gone)).isEqualTo(Kind.NOT_FOUND);
        known(Origin.ANYONE, Duration.ofMinutes(1));

        assertThat(kind(tag(SHOP))).isEqualTo(Kind.NOT_FOUND);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"UNAVAILABLE", "TIMEOUT", "RATE_LIMITED"})
    void aRegistryThatCannotBeAskedLeavesTheLastWordMarkedStale(Kind kind) {
        known(Origin.ANYONE, Duration.ofMinutes(50));
        var answer = tag(SHOP);
        fixture.registry.head().fail(kind);

        assertRecalled(answer);
        assertThat(found(answer).stale().orElseThrow().age()).isEqualTo(Duration.ofMinutes(50));
        assertThat(found(answer).stale().orElseThrow().cause().kind()).isEqualTo(kind);
    }

    @Test
    void whatIsTooOldStandsInForNothing() {
        known(Origin.ANYONE, CacheSettings.DEFAULT.staleFor().plusSeconds(1));
        var answer = tag(SHOP);
        fixture.registry.head().fail(Kind.UNAVAILABLE);

        assertThat(kind(answer)).isEqualTo(Kind.UNAVAILABLE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"NOT_FOUND", "UNAUTHORIZED", "FORBIDDEN", "REFUSED"})
    void aRefusalIsAnAnswer(Kind kind) {
        known(Origin.ANYONE, TTL);
        var answer = tag(SHOP);
        fixture.registry.head().fail(kind);

        assertThat(kind(answer)).isEqualTo(kind);
    }

    @Test
    @DisplayName(
            "fault 13: a recollection is told in its own namespace only, and there to who reads with the same credentials")
    void fault13OthersLearnNothing() {
        known("secret login 1 1", Duration.ZERO);

        assertRecalled(tag(LOGIN));
        for (Access other : List.of(
                SHOP,
                OTHER,
                as("other", "login", "secret login 1 1"),
                as("shop", "login", "secret login 1 2"),
                as("shop", "login", "secret login 2 1"),
                as("shop", "login"),
                as("shop", "login", "secret login 1 1", "secret more 3 3"),
                new Access(LOGIN.credentials()),
                Access.ANONYMOUS)) {
            assertThat(tag(other)).as("%s of %s", other, other.origin()).isNotDone();
        }
    }

    @Test
    void whatAnyoneCouldReadIsToldToEveryoneInTheNamespace() {
        known(Origin.ANYONE, Duration.ZERO);

        assertRecalled(tag(SHOP));
        assertRecalled(tag(LOGIN));
        assertThat(tag(OTHER)).isNotDone();
    }

    @Test
    void aConfirmedRecollectionDoesNotEnterTheSharedCache() {
        known(Origin.ANYONE, TTL);
        var answer = tag(SHOP);
        fixture.registry.head().find(OLD.digest());
        assertRecalled(answer);
        fixture.registry.newRequests();

        assertThat(tag(OTHER)).isNotDone();
        assertThat(fixture.registry.newRequests()).containsExactly("GET app:t");
    }

    @Test
    void digestsAreBelievedForAWeek() {
        String target = OLD.digest().toString();
        known(target, Origin.ANYONE, Duration.ofDays(6));

        assertRecalled(registry.manifest(APP, target, SHOP, soon()));
        fixture.pass(Duration.ofDays(1));
        assertThat(registry.manifest(APP, target, SHOP, soon())).isNotDone();
    }

    @Test
    void partsAreFoundByDigestAndSizeAndKind() {
        Descriptor manifest = Descriptor.of(MediaTypes.OCI_MANIFEST, NEW.digest(), 7);
        Descriptor config = Descriptor.of(MediaTypes.OCI_CONFIG, NEW.digest(), 7);
        recollections.put(
                "shop",
                APP,
                "t",
                new Recollection(
                        Origin.ANYONE,
                        OLD.digest(),
                        MediaTypes.OCI_INDEX,
                        TEXT,
                        List.of(new Recollection.Part(Recollection.Kind.MANIFEST, NEW.digest(), 7, "{\"part\":1}"))),
                Duration.ZERO);

        assertThat(registry.known(APP, manifest, SHOP)).isPresent();
        assertThat(found(registry.manifest(APP, manifest, SHOP, soon())).digest())
                .isEqualTo(NEW.digest());
        assertThat(registry.known(APP, config, SHOP)).isEmpty();
        assertThat(registry.blob(APP, config, SHOP, soon())).isNotDone();
        assertThat(registry.known(APP, manifest, OTHER)).isEmpty();
        assertThat(registry.manifest(APP, Descriptor.of(MediaTypes.OCI_MANIFEST, NEW.digest(), 8), SHOP, soon()))
                .isNotDone();
    }

    @Test
    void theYoungerOfTwoRecollectionsStays() {
        known(Origin.ANYONE, Duration.ofMinutes(1));
        recollections.put(
                "shop",
                APP,
                "t",
                new Recollection(Origin.ANYONE, NEW.digest(), MediaTypes.OCI_INDEX, "{}", List.of()),
                Duration.ofMinutes(2));

        assertRecalled(tag(SHOP));
    }

    @Test
    @DisplayName("fault 21: no negative ages")
    void fault21NoNegativeAges() {
        assertThatThrownBy(() -> known(Origin.ANYONE, Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("fault 24: ten thousand recollections are bounded like ten million")
    void fault24Bounded() {
        String large = "{\"x\":\"" + "y".repeat(8_000) + "\"}";
        for (int i = 0; i < 20_000; i++) {
            recollections.put(
                    "shop",
                    APP,
                    "t" + i,
                    new Recollection(Origin.ANYONE, OLD.digest(), MediaTypes.OCI_INDEX, large, List.of()),
                    Duration.ZERO);
        }

        assertThat(recollections.size()).isBetween(2_000L, 3_500L);
    }
}
