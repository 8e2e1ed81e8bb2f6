package dev.stowage.registry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.MediaTypes;
import dev.stowage.registry.Content;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryFailure.Kind;
import dev.stowage.registry.cache.CacheObserver.ResourceType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The largest entries that tenants and their registries can make: what the caches keep of them is bounded in bytes. */
class CacheMemoryTest {

    private static final String LARGE = "x".repeat(50_000);
    private static final int MANY = 2_000;

    private static void assertBound(Cache<?, ?> cache, long bytes) {
        cache.cleanUp();
        assertThat(cache.estimatedSize() * LARGE.length()).isLessThanOrEqualTo(bytes);
    }

    @Test
    @DisplayName("failures, by reason, subject and host")
    void failures() {
        CacheSettings settings = CacheSettings.DEFAULT;
        FailureCache failures = new FailureCache(settings, () -> 0);
        for (int i = 0; i < MANY; i++) {
            CacheKey key =
                    CacheKey.ofTag(ResourceType.TAG, new Repository("host", "a"), "t" + i, ReadCredentials.ANONYMOUS);
            RegistryFailure failure = i % 3 == 0
                    ? RegistryFailure.of(Kind.UNAVAILABLE, "host", "subject", LARGE)
                    : i % 3 == 1
                            ? RegistryFailure.of(Kind.UNAVAILABLE, "host", LARGE, "reason")
                            : RegistryFailure.of(Kind.UNAVAILABLE, LARGE, "subject", "reason");
            failures.note(key, failure, Duration.ZERO);
        }

        assertBound(failures.cache(), settings.failureBytes());
    }

    @Test
    @DisplayName("tags, by repository and tag")
    void tags() {
        CacheSettings settings = CacheSettings.DEFAULT;
        TagCache tags = new TagCache(settings, () -> 0);
        Digest digest = Digest.of(new byte[0]);
        for (int i = 0; i < MANY; i++) {
            tags.record(
                    CacheKey.ofTag(ResourceType.TAG, new Repository("host", LARGE + i), "t", ReadCredentials.ANONYMOUS),
                    digest);
            tags.record(
                    CacheKey.ofTag(ResourceType.TAG, new Repository("host", "a"), LARGE + i, ReadCredentials.ANONYMOUS),
                    digest);
        }

        assertBound(tags.cache(), settings.tagBytes());
    }

    @Test
    @DisplayName("contents and proofs, by bytes and Content-Type")
    void contents() {
        CacheSettings settings = CacheSettings.DEFAULT;
        ContentCache contents = new ContentCache(settings, () -> 0);
        for (int i = 0; i < MANY; i++) {
            byte[] small = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
            byte[] large = (LARGE + i).getBytes(StandardCharsets.UTF_8);
            contents.put(
                    ResourceType.MANIFEST,
                    new Repository("host", "a"),
                    new Content(small, LARGE, Digest.of(small)),
                    "");
            contents.put(
                    ResourceType.BLOB,
                    new Repository("host", "a"),
                    new Content(large, MediaTypes.OCI_MANIFEST, Digest.of(large)),
                    "");
        }

        Cache<?, ?> bytes = contents.caches().findFirst().orElseThrow();
        assertBound(bytes, settings.contentBytes());
        Cache<?, ?> proofs = contents.caches().skip(1).findFirst().orElseThrow();
        proofs.cleanUp();
        assertThat(CacheFixture.weight(proofs)).isLessThanOrEqualTo(settings.proofBytes());
    }
}
