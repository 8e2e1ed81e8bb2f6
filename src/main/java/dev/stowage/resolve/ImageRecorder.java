package dev.stowage.resolve;

import dev.stowage.image.Digest;
import dev.stowage.image.ImageReference;
import dev.stowage.oci.Abridgement;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.Document;
import dev.stowage.oci.DocumentReader;
import dev.stowage.oci.ImageConfig;
import dev.stowage.oci.Manifest;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.NodeProfile;
import dev.stowage.registry.Access;
import dev.stowage.registry.Access.Origin;
import dev.stowage.registry.Deadline;
import dev.stowage.registry.cache.RecallingRegistry;
import dev.stowage.registry.cache.RecallingRegistry.Seen;
import dev.stowage.registry.cache.Recollection;
import dev.stowage.registry.cache.Recollection.Kind;
import dev.stowage.registry.cache.Recollection.Part;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Makes {@link Recollection}s of images that are in memory. What cannot be told in full is not told at all: images something of which
 * could not be read, indexes within indexes, and what takes too much room.
 */
public final class ImageRecorder {

    /** The room for the texts of one image, in characters. Docker's own images, of eight platforms, take half of it. */
    private static final int ROOM = 8192;

    private static final int MOST_PARTS = 64;

    private final RecallingRegistry registry;
    private final ImageResolver memory;

    /** A recorder of what this registry has in memory. */
    public ImageRecorder(RecallingRegistry registry, DocumentReader reader) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.memory = new ImageResolver(registry.inMemory(), reader);
    }

    /**
     * A recollection.
     *
     * @param age how long ago the registry last said that it is so; never negative
     */
    public record Recorded(Recollection recollection, Duration age) {
        public Recorded {
            Objects.requireNonNull(recollection, "recollection");
            Objects.requireNonNull(age, "age");
        }
    }

    /**
     * What is to be remembered of an image. No registry is asked.
     *
     * @param profiles the node profiles to which all of it that matters has been read
     * @param access who read it
     * @return nothing where it is not known who read it, or not all of it is in memory
     */
    public Optional<Recorded> record(ImageReference reference, Set<NodeProfile> profiles, Access access) {
        // what anyone can read is best remembered so, whoever happened to read it
        Optional<Recorded> open = attempt(reference, profiles, access.anonymous());
        return open.isPresent() || access.credentials().isEmpty() ? open : attempt(reference, profiles, access);
    }

    private Optional<Recorded> attempt(ImageReference reference, Set<NodeProfile> profiles, Access access) {
        Optional<String> readAs = access.origin().flatMap(Origin::readAs);
        Optional<Seen> seen = registry.seen(reference.repository(), reference.target(), access);
        if (readAs.isEmpty() || seen.isEmpty()) {
            return Optional.empty();
        }
        ResolvedImage image = memory.resolve(reference, profiles, true, access, Deadline.in(Duration.ZERO))
                .join();
        return image.document()
                .fold(
                        document -> recollection(document, image, seen.get(), readAs.get()),
                        failure -> Optional.<Recollection>empty())
                .map(made -> new Recorded(made, seen.get().age()));
    }

    private static Optional<Recollection> recollection(
            Document document, ResolvedImage image, Seen seen, String readAs) {
        boolean nested = image.index().stream()
                .flatMap(index -> index.entries().stream())
                .anyMatch(entry -> MediaTypes.isIndex(entry.mediaType()));
        Parts parts = new Parts();
        boolean whole = image.selections().values().stream().allMatch(parts::take);
        if (document instanceof Manifest manifest && image.config().isPresent()) {
            parts.config(manifest, image.config().get());
        }
        String text = Abridgement.of(document);
        if (nested || !whole || parts.unclear || parts.room() + text.length() > ROOM || parts.size() > MOST_PARTS) {
            return Optional.empty();
        }
        return Optional.of(new Recollection(
                readAs,
                seen.content().digest(),
                MediaTypes.withoutParameters(document.mediaType()),
                text,
                parts.all()));
    }

    /** The parts of one image, each once. */
    private static final class Parts {

        private final Map<Digest, Part> byDigest = new LinkedHashMap<>();
        private boolean unclear;

        /** Takes what was read for one profile; false when something could not be read. */
        boolean take(Selection selection) {
            if (selection instanceof Selection.Taken taken) {
                take(taken.entry(), taken.manifest(), taken.config());
            } else if (selection instanceof Selection.Nothing nothing) {
                take(nothing.obstacle(), nothing.manifest(), nothing.config());
            }
            return !(selection instanceof Selection.Unreadable);
        }

        private void take(Optional<Descriptor> entry, Optional<Manifest> manifest, Optional<ImageConfig> config) {
            if (entry.isPresent() && manifest.isPresent()) {
                add(new Part(Kind.MANIFEST, entry.get().digest(), entry.get().size(), Abridgement.of(manifest.get())));
                config.ifPresent(read -> config(manifest.get(), read));
            }
        }

        void config(Manifest manifest, ImageConfig config) {
            Descriptor named = manifest.config();
            add(new Part(Kind.CONFIG, named.digest(), named.size(), Abridgement.of(config)));
        }

        /** One digest that is two things is nothing to be relied on. */
        private void add(Part part) {
            Part there = byDigest.putIfAbsent(part.digest(), part);
            unclear |= there != null && !there.equals(part);
        }

        int size() {
            return byDigest.size();
        }

        int room() {
            return byDigest.values().stream()
                    .mapToInt(part -> part.text().length())
                    .sum();
        }

        /** In an order of their own: whatever order profiles come in, the same is remembered. */
        List<Part> all() {
            return byDigest.values().stream()
                    .sorted(Comparator.comparing(Part::kind)
                            .thenComparing(part -> part.digest().toString()))
                    .toList();
        }
    }
}
