package dev.stowage.registry.cache;

import static dev.stowage.registry.cache.CacheFixture.APP;
import static dev.stowage.registry.cache.CacheFixture.NOBODY;
import static dev.stowage.registry.cache.CacheFixture.OLD;
import static dev.stowage.registry.cache.CacheFixture.descriptor;
import static dev.stowage.registry.cache.CacheFixture.found;
import static dev.stowage.registry.cache.CacheFixture.soon;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.registry.Content;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DigestContentTest {

    private final CacheFixture fixture = new CacheFixture();
    private final HeldRegistry registry = fixture.registry;
    private final CachingRegistry cache = fixture.cache;

    @Test
    void contentThatADigestNamesIsAskedForOnce() {
        var first = fixture.entry(OLD, NOBODY);
        registry.get().find(OLD);
        fixture.pass(Duration.ofHours(23));

        assertThat(found(first)).isEqualTo(OLD);
        assertThat(found(fixture.entry(OLD, NOBODY))).isEqualTo(OLD);
        assertThat(found(cache.manifest(APP, OLD.digest().toString(), NOBODY, soon())))
                .isEqualTo(OLD);
        assertThat(registry.count()).isEqualTo(1);
        assertThat(fixture.met).containsExactly("manifest miss", "manifest hit", "manifest hit");
    }

    @Test
    void whatATagNamedIsReadByDigestWithoutARequest() {
        fixture.tagged(OLD, NOBODY);

        assertThat(found(fixture.entry(OLD, NOBODY))).isSameAs(OLD);
        assertThat(registry.newRequests()).isEmpty();
    }

    @Test
    void aProofOfAccessCountsForContentTtl() {
        var first = fixture.entry(OLD, NOBODY);
        registry.get().find(OLD);
        fixture.pass(Duration.ofHours(12));
        found(fixture.entry(OLD, NOBODY));
        fixture.pass(Duration.ofHours(12));

        assertThat(found(first)).isEqualTo(OLD);
        assertThat(fixture.entry(OLD, NOBODY)).isNotDone();
    }

    @Test
    void knownTellsWithoutARequestWhatWasRead() {
        assertThat(cache.known(APP, descriptor(OLD), NOBODY)).isEmpty();
        fixture.entry(OLD, NOBODY);
        registry.get().find(OLD);
        registry.newRequests();

        assertThat(cache.known(APP, descriptor(OLD), NOBODY)).contains(OLD);
        assertThat(registry.newRequests()).isEmpty();
    }

    @Test
    void contentOfOneRepositoryIsNoProofForAnother() {
        fixture.tagged(OLD, NOBODY);
        Repository other = new Repository("registry.example", "other");

        assertThat(cache.known(other, descriptor(OLD), NOBODY)).isEmpty();
        assertThat(cache.manifest(other, descriptor(OLD), NOBODY, soon())).isNotDone();
    }

    @Test
    void theBytesAreHeldOnceAndTheContentTypeIsThatOfEachRepository() {
        fixture.tagged(OLD, NOBODY);
        Repository other = new Repository("registry.example", "other");
        byte[] copy = OLD.bytes().clone();
        cache.manifest(other, descriptor(OLD), NOBODY, soon());
        registry.get().find(new Content(copy, "text/plain", OLD.digest()));

        Content here = cache.known(APP, descriptor(OLD), NOBODY).orElseThrow();
        Content there = cache.known(other, descriptor(OLD), NOBODY).orElseThrow();

        assertThat(here.contentType()).isEqualTo(MediaTypes.OCI_MANIFEST);
        assertThat(there.contentType()).isEqualTo("text/plain");
        assertThat(there.bytes()).isSameAs(here.bytes());
    }

    @Test
    void aBlobIsNoProofThatTheSameIsReadableAsAManifest() {
        Descriptor config = Descriptor.of(MediaTypes.OCI_CONFIG, OLD.digest(), OLD.bytes().length);
        cache.blob(APP, config, NOBODY, soon());
        registry.get().find(OLD);

        assertThat(cache.known(APP, config, NOBODY)).contains(OLD);
        assertThat(cache.known(APP, descriptor(OLD), NOBODY)).isEmpty();
        assertThat(fixture.entry(OLD, NOBODY)).isNotDone();
    }

    @Test
    void aConfigIsNotMetByAManifestOfTheSameDigest() {
        fixture.tagged(OLD, NOBODY);

        assertThat(cache.known(APP, Descriptor.of(MediaTypes.OCI_CONFIG, OLD.digest(), OLD.bytes().length), NOBODY))
                .isEmpty();
        assertThat(fixture.blob(OLD, NOBODY)).isNotDone();
    }

    @Test
    void aDescriptorWhoseSizeLiesIsLeftToTheRegistryClient() {
        fixture.tagged(OLD, NOBODY);
        Descriptor lying = Descriptor.of(OLD.contentType(), OLD.digest(), OLD.bytes().length + 1L);

        CompletableFuture<?> answer = cache.manifest(APP, lying, NOBODY, soon());

        assertThat(answer).isNotDone();
        assertThat(cache.known(APP, lying, NOBODY)).isEmpty();
        assertThat(found(fixture.entry(OLD, NOBODY))).isEqualTo(OLD);
    }

    @Test
    void contentIsKeptUnderTheDigestOfItsBytes() {
        Digest asked = Digest.of(new byte[] {1});
        cache.manifest(APP, asked.toString(), NOBODY, soon());
        registry.get().find(OLD);

        assertThat(cache.manifest(APP, asked.toString(), NOBODY, soon())).isNotDone();
    }

    @Test
    void memoryIsBoundedByTheWeightOfTheBytes() {
        CacheFixture small = new CacheFixture(Settings.with(1 << 20));
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[100_000];
            bytes[0] = (byte) i;
            Content content = new Content(bytes, "", Digest.of(bytes));
            small.entry(content, NOBODY);
            small.registry.get().find(content);
        }

        Cache<?, ?> content = small.cache.caches().get(0);
        assertThat(CacheFixture.weight(content)).isBetween(500_000L, 1L << 20);
        assertThat(content.estimatedSize()).isBetween(5L, 10L);
        small.assertThatCachesAreWithinBounds();
    }

    @Test
    void whatHasNoRoomIsAnsweredAllTheSame() {
        CacheFixture none = new CacheFixture(Settings.with(0));
        var first = none.entry(OLD, NOBODY);
        none.registry.get().find(OLD);

        assertThat(found(first)).isEqualTo(OLD);
        assertThat(none.entry(OLD, NOBODY)).isNotDone();
    }
}
