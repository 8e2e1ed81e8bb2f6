package dev.stowage.registry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.MediaTypes;
import dev.stowage.registry.Access;
import dev.stowage.registry.Answer;
import dev.stowage.registry.Content;
import dev.stowage.registry.Deadline;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.auth.Credential;
import dev.stowage.registry.cache.CacheObserver.Outcome;
import dev.stowage.registry.cache.CacheObserver.Thing;
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
    static final Access NOBODY = Access.ANONYMOUS;
    static final Access TENANT_A = new Access(List.of(new Credential("a", "secret-a")));
    static final Access TENANT_B = new Access(List.of(new Credential("b", "secret-b")));
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

    private void met(Thing thing, Outcome outcome) {
        met.add(thing.label() + " " + outcome.label());
    }

    /** The time on the clock that the test turns. */
    long now() {
        return nanos.get();
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    CompletableFuture<Answer<Content>> tag(Access access) {
        return cache.manifest(APP, "t", access, soon());
    }

    CompletableFuture<Answer<Digest>> digest(Access access) {
        return cache.digest(APP, "t", access, soon());
    }

    CompletableFuture<Answer<Content>> entry(Content content, Access access) {
        return cache.manifest(APP, descriptor(content), access, soon());
    }

    CompletableFuture<Answer<Content>> blob(Content content, Access access) {
        return cache.blob(APP, descriptor(content), access, soon());
    }

    /** The tag has been read by this access and names this. */
    void tagged(Content content, Access access) {
        CompletableFuture<Answer<Content>> asked = tag(access);
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
    static <T> T found(CompletableFuture<Answer<T>> answer) {
        assertThat(answer).isDone();
        return answer.join().fold(content -> content, failure -> {
            throw new AssertionError(failure.toString());
        });
    }

    /** Why there is nothing, without waiting. */
    static RegistryFailure failed(CompletableFuture<? extends Answer<?>> answer) {
        assertThat(answer).isDone();
        Optional<RegistryFailure> failure = answer.join().fold(content -> Optional.empty(), Optional::of);
        return failure.orElseThrow();
    }

    static RegistryFailure.Kind kind(CompletableFuture<? extends Answer<?>> answer) {
        return failed(answer).kind();
    }
}
