package dev.stowage.cli.check;

import dev.stowage.cli.output.Explanation.Entry;
import dev.stowage.image.Printable;
import dev.stowage.oci.Descriptor;
import dev.stowage.platform.NodeProfile;
import dev.stowage.resolve.ResolvedImage;
import dev.stowage.resolve.Selection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers which manifest of each image the nodes of each profile take. */
final class TakenEntries {

    private final Map<String, Map<NodeProfile, Entry>> entries = new ConcurrentHashMap<>();

    /** Takes note of an image that was resolved; from any thread. */
    void resolved(ResolvedImage image) {
        Map<NodeProfile, Entry> ofImage =
                entries.computeIfAbsent(image.reference().toString(), first -> new ConcurrentHashMap<>());
        image.selections().forEach((profile, selection) -> entry(selection, image)
                .ifPresent(entry -> ofImage.put(profile, entry)));
    }

    /** What nodes of this profile take of the image, or try; empty if nothing, or if it could not be read. */
    Optional<Entry> of(String image, NodeProfile profile) {
        Map<NodeProfile, Entry> ofImage = entries.getOrDefault(image, Map.of());
        // the pull modes that a node may have choose alike, but may end differently
        return profile.possible().stream()
                .flatMap(possible -> Optional.ofNullable(ofImage.get(possible)).stream())
                .findFirst();
    }

    private static Optional<Entry> entry(Selection selection, ResolvedImage image) {
        if (selection instanceof Selection.None none) {
            return none.obstacle().map(TakenEntries::entry);
        }
        if (selection instanceof Selection.Selected selected) {
            return selected.entry().map(TakenEntries::entry).or(() -> image.digest()
                    .map(digest -> new Entry(digest, "", false)));
        }
        return Optional.empty();
    }

    private static Entry entry(Descriptor entry) {
        String platform =
                entry.platform().map(named -> Printable.of(named.toString())).orElse("");
        return new Entry(entry.digest(), platform, true);
    }
}
