package dev.stowage.registry.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.image.Digest;
import dev.stowage.image.Repository;
import dev.stowage.registry.Access;
import dev.stowage.registry.Access.Origin;
import dev.stowage.registry.Content;
import dev.stowage.registry.cache.Recollection.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * What was known of images before a restart. It is told to pods of the namespace only that it was written down in, and there to those
 * only who read with the same credentials, or to all where none were needed. Bounded, and forgotten after a week.
 */
public final class Recollections {

    /** Content by digest never changes; this bounds for how long a right to read that was withdrawn meanwhile goes unnoticed. */
    static final Duration LONGEST = Duration.ofDays(7);

    private static final long BYTES = 48L << 20;

    // objects, references and the cache's own node, on a 64-bit heap
    private static final int OVERHEAD = 330;

    private record Reader(String namespace, Repository repository, String readAs) {}

    private record Name(Reader reader, String target) {}

    private record PartName(Reader reader, Kind kind, Digest digest) {}

    private record HeldPart(long size, Content content) {}

    /**
     * What a reference named.
     *
     * @param saidAt when the registry said so, on the ticker
     */
    private record Top(Content content, long saidAt) {}

    /**
     * What a reference named.
     *
     * @param content the document, abridged
     * @param age how long ago the registry said so; never negative
     */
    record Recalled(Content content, Duration age) {}

    private final Cache<Name, Top> tops;
    private final Cache<PartName, HeldPart> parts;
    private final Ticker ticker;
    private volatile boolean empty = true;

    /** @param ticker what times are measured by */
    public Recollections(Ticker ticker) {
        this.ticker = Objects.requireNonNull(ticker, "ticker");
        this.tops = cache(
                (name, top) -> OVERHEAD + name.target().length() + top.content().bytes().length);
        this.parts = cache((name, part) -> OVERHEAD + part.content().bytes().length);
    }

    private <K, V> Cache<K, V> cache(com.github.benmanes.caffeine.cache.Weigher<K, V> weigher) {
        return Caffeine.newBuilder()
                .maximumWeight(BYTES / 2)
                .weigher(weigher)
                .expireAfterWrite(LONGEST)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /**
     * Takes over what was known. What is older than a week, or than what was taken over before, is left.
     *
     * @param namespace the namespace that it is told to
     * @param repository where the image is
     * @param target the tag or digest that named it
     * @param age how long ago the registry said so
     * @throws IllegalArgumentException when the age is negative
     */
    public void put(String namespace, Repository repository, String target, Recollection known, Duration age) {
        if (age.isNegative()) {
            throw new IllegalArgumentException("age is negative: " + age);
        }
        if (age.compareTo(LONGEST) >= 0) {
            return;
        }
        Reader reader = new Reader(namespace, repository, known.readAs());
        Top top = new Top(content(known.text(), known.mediaType(), known.digest()), ticker.read() - age.toNanos());
        Top kept = tops.asMap()
                .merge(
                        new Name(reader, target),
                        top,
                        (there, other) -> other.saidAt() - there.saidAt() > 0 ? other : there);
        if (kept == top) {
            known.parts()
                    .forEach(part -> parts.put(
                            new PartName(reader, part.kind(), part.digest()),
                            new HeldPart(part.size(), content(part.text(), "", part.digest()))));
            empty = false;
        }
    }

    private static Content content(String text, String type, Digest digest) {
        return new Content(text.getBytes(StandardCharsets.UTF_8), type, digest);
    }

    /** What the tag or digest named, as far as this access may know; of several the youngest. */
    Optional<Recalled> find(Repository repository, String target, Access access) {
        Optional<Recalled> anyone = read(repository, access, Origin.ANYONE, reader -> top(reader, target));
        Optional<Recalled> own =
                asSelf(access).flatMap(readAs -> read(repository, access, readAs, reader -> top(reader, target)));
        if (anyone.isEmpty() || own.isEmpty()) {
            return anyone.or(() -> own);
        }
        return anyone.get().age().compareTo(own.get().age()) <= 0 ? anyone : own;
    }

    /** A part of this digest and size, as far as this access may know. */
    Optional<Content> part(Repository repository, Kind kind, Digest digest, long size, Access access) {
        return read(repository, access, Origin.ANYONE, reader -> part(reader, kind, digest, size))
                .or(() -> asSelf(access)
                        .flatMap(readAs ->
                                read(repository, access, readAs, reader -> part(reader, kind, digest, size))));
    }

    private Optional<Recalled> top(Reader reader, String target) {
        Top top = tops.getIfPresent(new Name(reader, target));
        if (top == null) {
            return Optional.empty();
        }
        Duration age = Duration.ofNanos(Math.max(0, ticker.read() - top.saidAt()));
        return age.compareTo(LONGEST) < 0 ? Optional.of(new Recalled(top.content(), age)) : Optional.empty();
    }

    private Optional<Content> part(Reader reader, Kind kind, Digest digest, long size) {
        HeldPart part = parts.getIfPresent(new PartName(reader, kind, digest));
        return part != null && part.size() == size ? Optional.of(part.content()) : Optional.empty();
    }

    private <T> Optional<T> read(
            Repository repository, Access access, String readAs, Function<Reader, Optional<T>> look) {
        return empty
                ? Optional.empty()
                : access.origin().flatMap(origin -> look.apply(new Reader(origin.namespace(), repository, readAs)));
    }

    private Optional<String> asSelf(Access access) {
        return empty || access.credentials().isEmpty()
                ? Optional.empty()
                : access.origin().flatMap(Origin::readAs);
    }

    /** How many images are known. */
    long size() {
        return tops.estimatedSize();
    }
}
