package dev.stowage.bench.soak;

import dev.stowage.bench.MadeImage;
import dev.stowage.bench.StandInRegistry;
import dev.stowage.soak.Truths;
import java.util.Set;
import java.util.function.Predicate;

/** An image of the soak: where it is, and for which architectures it was when. */
final class SoakedImage {

    private static final Set<String> BOTH = Set.of("amd64", "arm64");
    private static final Set<String> ONE = Set.of("amd64");

    private final StandInRegistry registry;
    private final RegistryFaults faults;
    private final String repository;
    private final String reference;
    private final Truths<Set<String>> architectures = new Truths<>();
    private final MadeImage both;
    private final MadeImage one;
    private boolean isBoth = true;

    /**
     * @param repository its path, whose first part is its kind, as {@link StandInRegistry} understands it
     * @param byDigest whether pods name it by digest instead of by tag
     */
    SoakedImage(StandInRegistry registry, RegistryFaults faults, String repository, boolean byDigest) {
        this.registry = registry;
        this.faults = faults;
        this.repository = repository;
        this.both = MadeImage.index(repository, 4);
        this.one = MadeImage.index(repository, 1);
        this.reference = registry.address() + "/" + repository + (byDigest ? "@" + registry.digest(repository) : ":1");
        architectures.becomes(repository.startsWith("e4/") ? BOTH : repository.startsWith("single/") ? ONE : Set.of());
    }

    String reference() {
        return reference;
    }

    /** Its tag moves: from an index of both architectures to one of amd64 alone, or back. */
    void move() {
        isBoth = !isBoth;
        architectures.becomes(isBoth ? BOTH : ONE);
        registry.move(repository, isBoth ? both : one);
    }

    /** Whether it was, at any time since then, for architectures like these. */
    boolean wasFor(long since, Predicate<Set<String>> like) {
        return architectures.anySince(since, like);
    }

    /** Whether its registry had faults at any time since then. */
    boolean faultySince(long since) {
        return faults.anySince(since);
    }
}
