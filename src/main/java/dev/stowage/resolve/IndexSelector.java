package dev.stowage.resolve;

import dev.stowage.oci.Attestation;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.Index;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.PlatformMatcher;
import dev.stowage.platform.RuntimeFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Which one entry of an index a runtime tries. A runtime tries only one: when that turns out not to fit, the pull fails though
 * another entry would have fitted.
 */
final class IndexSelector {

    /** Real images have one or two; a hostile index must not cost more requests. */
    private static final int MAX_FETCHED_TOO = 8;

    private final PlatformMatcher matcher;
    private final RuntimeFamily runtime;
    private final boolean crio;

    IndexSelector(NodeProfile profile) {
        this.matcher = PlatformMatcher.of(profile);
        this.runtime = profile.runtime();
        this.crio = runtime == RuntimeFamily.CRIO;
    }

    /**
     * What a runtime takes of an index.
     *
     * @param entry the entry that it tries, or nothing when none is for its platform
     * @param fetchedToo what it fetches in addition
     */
    record Choice(Optional<Descriptor> entry, List<Descriptor> fetchedToo) {}

    /** What the runtime takes of an index. */
    Choice choose(Index index) {
        Optional<Descriptor> entry = select(index);
        return new Choice(entry, entry.map(tried -> fetchedToo(index, tried)).orElse(List.of()));
    }

    /** The entry that the runtime tries, or nothing when none is for its platform. */
    Optional<Descriptor> select(Index index) {
        @Nullable Descriptor best = null;
        int bestRank = Integer.MAX_VALUE;
        @Nullable Descriptor firstWithoutPlatform = null;
        for (Descriptor entry : index.entries()) {
            if (entry.platform().isEmpty()) {
                firstWithoutPlatform = firstWithoutPlatform == null ? entry : firstWithoutPlatform;
                continue;
            }
            OptionalInt rank = matcher.rank(entry.platform().get());
            if (rank.isPresent() && isBetter(entry, rank.getAsInt(), best, bestRank)) {
                best = entry;
                bestRank = rank.getAsInt();
            }
        }
        if (best == null && !takesEntriesWithoutPlatform(index)) {
            return Optional.empty();
        }
        return Optional.ofNullable(best != null ? best : firstWithoutPlatform);
    }

    /** Among equals the first listed wins; containers/image prefers zstd-compressed images among equals. */
    private boolean isBetter(Descriptor entry, int rank, @Nullable Descriptor best, int bestRank) {
        return rank < bestRank || crio && best != null && rank == bestRank && isZstd(entry) && !isZstd(best);
    }

    private static boolean isZstd(Descriptor entry) {
        return "true".equals(entry.annotations().get(Descriptor.ZSTD_ANNOTATION));
    }

    /** In a Docker list every entry has a platform for containers/image, be it empty. */
    private boolean takesEntriesWithoutPlatform(Index index) {
        return !crio || MediaTypes.OCI_INDEX.equals(index.mediaType());
    }

    boolean fetches(Descriptor entry) {
        return entry.platform().map(matcher::fetches).orElse(true);
    }

    /** containerd reads the config of an entry without platform and compares; containers/image takes it unread. */
    boolean comparesConfigs() {
        return !crio;
    }

    boolean followsNestedIndexes() {
        return runtime.followsNestedIndexes();
    }

    /** CRI-O takes the type that an entry is served as, and others the one that the index says. */
    boolean believesEntryTypes() {
        return !crio;
    }

    /**
     * What the runtime fetches in addition to the entry that it tries, and fails without: with containerd's transfer service, every
     * entry that fits exactly and every one without platform.
     */
    private List<Descriptor> fetchedToo(Index index, Descriptor tried) {
        if (!runtime.usesTransferService()) {
            return List.of();
        }
        List<Descriptor> others = new ArrayList<>();
        for (Descriptor entry : index.entries()) {
            boolean known = MediaTypes.isManifest(entry.mediaType()) || MediaTypes.isIndex(entry.mediaType());
            if (known && entry != tried && fetches(entry) && others.size() < MAX_FETCHED_TOO) {
                others.add(entry);
            }
        }
        return others;
    }

    /**
     * Whether containerd fails to pull the nested index that it tries: without platform, next to entries for other platforms, which it
     * then counts as its content ("content … not found").
     */
    boolean isMixed(Index index, Descriptor nested) {
        return nested.platform().isEmpty()
                && index.entries().stream()
                        .anyMatch(entry -> entry.platform().isPresent()
                                && !Attestation.isAnnotated(entry)
                                && !matcher.matches(entry.platform().get()));
    }

    boolean matches(Platform configPlatform) {
        return matcher.matches(configPlatform);
    }
}
