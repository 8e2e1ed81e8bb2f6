package dev.stowage.registry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import dev.stowage.async.Deadline;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.registry.Content;
import dev.stowage.registry.Credential;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryResult;
import dev.stowage.registry.cache.CacheObserver.Outcome;
import dev.stowage.registry.cache.CacheObserver.ResourceType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** A cache in front of a registry that the test answers for, and a clock that the test turns. */
final class CacheFixture {

    static final Repository APP = new Repository("registry.example", "app");
    static final ReadCredentials NOBODY = ReadCredentials.ANONYMOUS;
    static final ReadCredentials TENANT_A = new ReadCredentials(List.of(new Credential("a", "secret-a")));
    static final ReadCredentials TENANT_B = new ReadCredentials(List.of(new Credential("b", "secret-b")));
    static final Content OLD = document("{\"old\":1}");
    static final Content NEW = document("{\"new\":22}");

    final HeldRegistry registry = new HeldRegistry();
    final List<String> met = new CopyOnWriteArrayList<>();
    final CachingRegistry cache;
    private final AtomicReference<Runnable> onLook = new AtomicReference<>(() -> {});
    private final AtomicLong nanos =
            new AtomicLong(Long.MAX_VALUE - Duration.ofMinutes(10).toNanos());

    CacheFixture() {
        this(CacheSettings.DEFAULT);
    }

    CacheFixture(CacheSettings settings) {
        cache = new CachingRegistry(registry, settings, this::time, this::met);
    }

    private long time() {
        Runnable event = onLook.getAndSet(() -> {});
        event.run();
        return nanos.get();
    }

    /** Lets this happen in the midst of the next call, when the cache reads the clock to see whether an entry still counts. */
    void duringTheNextLook(Runnable event) {
        onLook.set(event);
    }

    private void met(ResourceType type, Outcome outcome) {
        met.add(type.label() + " " + outcome.label());
    }

    /** The time on the clock that the test turns. */
    long now() {
        return nanos.get();
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    CompletableFuture<RegistryResult<Content>> tag(ReadCredentials credentials) {
        return cache.manifest(APP, "t", credentials, soon());
    }

    CompletableFuture<RegistryResult<Digest>> digest(ReadCredentials credentials) {
        return cache.digest(APP, "t", credentials, soon());
    }

    CompletableFuture<RegistryResult<Content>> entry(Content content, ReadCredentials credentials) {
        return cache.manifest(APP, descriptor(content), credentials, soon());
    }

    CompletableFuture<RegistryResult<Content>> blob(Content content, ReadCredentials credentials) {
        return cache.blob(APP, descriptor(content), credentials, soon());
    }

    /** The tag has been read by this access and names this. */
    void tagged(Content content, ReadCredentials credentials) {
        CompletableFuture<RegistryResult<Content>> asked = tag(credentials);
        registry.get().find(content);
        assertThat(found(asked)).isEqualTo(content);
        registry.newRequests();
    }

    static Deadline soon() {
        return Deadline.in(Duration.ofMinutes(1));
    }

    static Content document(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return new Content(bytes, MediaTypes.OCI_MANIFEST, Digest.of(bytes));
    }

    static Descriptor descriptor(Content content) {
        return Descriptor.of(content.contentType(), content.digest(), content.bytes().length);
    }

    /** What is there without waiting. */
    static <T> T found(CompletableFuture<RegistryResult<T>> answer) {
        assertThat(answer).isDone();
        return answer.join().fold(content -> content, failure -> {
            throw new AssertionError(failure.toString());
        });
    }

    /** Why there is nothing, without waiting. */
    static RegistryFailure failed(CompletableFuture<? extends RegistryResult<?>> answer) {
        assertThat(answer).isDone();
        Optional<RegistryFailure> failure = answer.join().fold(content -> Optional.empty(), Optional::of);
        return failure.orElseThrow();
    }

    static RegistryFailure.Kind kind(CompletableFuture<? extends RegistryResult<?>> answer) {
        return failed(answer).kind();
    }

    /** How many bytes a cache contains by its own count. */
    static long weight(Cache<?, ?> cache) {
        cache.cleanUp();
        return cache.policy().eviction().orElseThrow().weightedSize().orElseThrow();
    }

    void assertThatCachesAreWithinBounds() {
        assertThat(cache.caches()).hasSize(4).allSatisfy(part -> assertThat(weight(part))
                .isLessThanOrEqualTo(part.policy().eviction().orElseThrow().getMaximum()));
    }
}
