package dev.stowage.resolve;

import dev.stowage.image.Digest;
import dev.stowage.image.ImageReference;
import dev.stowage.oci.Document;
import dev.stowage.oci.ImageConfig;
import dev.stowage.oci.Index;
import dev.stowage.platform.NodeProfile;
import dev.stowage.registry.Content;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryResult;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An image as its registry contains it, and what nodes would take of it.
 *
 * @param reference the reference
 * @param digest the digest of the document that the reference names; empty when it could not be had
 * @param document that document, or why it could not be had
 * @param config the config, when the image is a single manifest and its config could be read
 * @param selections what nodes of each requested profile would pull, with a profile for each pull mode where it is not known
 * @param stale present when the document is the last known good answer, since the registry could not be reached again
 */
public record ResolvedImage(
        ImageReference reference,
        Optional<Digest> digest,
        RegistryResult<Document> document,
        Optional<ImageConfig> config,
        Map<NodeProfile, Selection> selections,
        Optional<Content.Stale> stale) {
    public ResolvedImage {
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(document, "document");
        Objects.requireNonNull(config, "config");
        selections = Collections.unmodifiableMap(new LinkedHashMap<>(selections));
        Objects.requireNonNull(stale, "stale");
    }

    /** An image of which nothing could be read, for this reason. */
    public static ResolvedImage unreadable(
            ImageReference reference, Set<NodeProfile> profiles, RegistryFailure failure) {
        Map<NodeProfile, Selection> selections = new LinkedHashMap<>();
        for (NodeProfile profile : NodeProfile.possible(profiles)) {
            selections.put(profile, new Selection.Unreadable(failure, Optional.empty()));
        }
        return new ResolvedImage(
                reference,
                Optional.empty(),
                new RegistryResult.Failure<>(failure),
                Optional.empty(),
                selections,
                Optional.empty());
    }

    /** The index, when the reference names one. */
    public Optional<Index> index() {
        return document.fold(
                found -> found instanceof Index index ? Optional.of(index) : Optional.empty(),
                failed -> Optional.empty());
    }
}
