package dev.stowage.resolve;

import dev.stowage.oci.Descriptor;
import dev.stowage.oci.Document;
import dev.stowage.oci.ImageConfig;
import dev.stowage.oci.Index;
import dev.stowage.oci.Manifest;
import dev.stowage.oci.MediaTypes;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.registry.RegistryFailure;
import dev.stowage.registry.RegistryResult;
import dev.stowage.resolve.Selection.None;
import dev.stowage.resolve.Selection.None.Cause;
import dev.stowage.resolve.Selection.Part;
import dev.stowage.resolve.Selection.Selected;
import dev.stowage.resolve.Selection.Unreadable;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Follows one runtime through an image, from the document that the reference names to what a node would pull (containerd
 * core/images/image.go, {@code Manifest}; containers/image internal/manifest/oci_index.go). It asks a {@link FetchState} for what it
 * needs; what is not there yet makes the answer empty, to be asked again once it is.
 */
final class ManifestSelector {

    /** Real images nest once, if at all. */
    static final int MAX_NESTING = 8;

    private final NodeProfile profile;
    private final ParsedDocumentCache documents;
    private final IndexSelector indexSelector;
    private final FetchState fetched;
    private final boolean readsManifests;

    /**
     * @param documents remembers which entries runtimes try
     * @param readsManifests whether the manifest and config behind a matching entry must be read, or the index is believed
     *     where they are not known anyway
     */
    ManifestSelector(NodeProfile profile, ParsedDocumentCache documents, FetchState fetched, boolean readsManifests) {
        this.profile = profile;
        this.documents = documents;
        this.indexSelector = documents.selector(profile);
        this.fetched = fetched;
        this.readsManifests = readsManifests;
    }

    /** What the runtime would take of this document; nothing when something is wanted first. */
    Optional<Selection> select(Document top) {
        if (top instanceof Index index) {
            return fromIndex(index, 0);
        }
        return top instanceof Manifest manifest ? single(manifest) : Optional.of(schema1());
    }

    /** CRI-O converts it; its config is made on the way, and nothing in it was ever checked. */
    private Selection schema1() {
        if (profile.runtime() == RuntimeFamily.CRIO) {
            return new Selected(Optional.empty(), Optional.empty(), Optional.empty(), true);
        }
        return None.because(Cause.SCHEMA_1);
    }

    /** A node pulls a single manifest whatever its config says, so the config is read here. */
    private Optional<Selection> single(Manifest manifest) {
        if (!manifest.hasImageConfig()) {
            return Optional.of(taken(Optional.empty(), manifest, Optional.empty()));
        }
        return with(
                fetched.config(manifest.config(), true),
                Part.CONFIG,
                config -> Optional.of(taken(Optional.empty(), manifest, Optional.of(config))));
    }

    private Optional<Selection> fromIndex(Index index, int depth) {
        if (index.entries().isEmpty()) {
            return Optional.of(None.because(Cause.EMPTY));
        }
        IndexSelector.Choice chosen = documents.choose(index, profile);
        if (chosen.entry().isEmpty()) {
            return Optional.of(None.because(Cause.NO_MATCH));
        }
        Descriptor entry = chosen.entry().get();
        if (MediaTypes.isIndex(entry.mediaType())) {
            return nested(index, entry, depth);
        }
        if (!MediaTypes.isManifest(entry.mediaType()) && indexSelector.believesEntryTypes()) {
            return Optional.of(None.because(Cause.UNKNOWN_TYPE, entry));
        }
        return (entry.platform().isPresent() ? named(entry) : unnamed(entry))
                .flatMap(selection -> withOthers(chosen.fetchedToo(), selection));
    }

    /** The pull fails if what the runtime fetches in addition cannot be fetched. */
    private Optional<Selection> withOthers(List<Descriptor> others, Selection selection) {
        if (!(selection instanceof Selected)) {
            return Optional.of(selection);
        }
        boolean complete = true;
        for (Descriptor other : others) {
            if (isNydus(other) && !profile.runtime().comparesOsFeatures()) {
                return Optional.of(None.because(Cause.NYDUS, other));
            }
            Optional<RegistryResult<Document>> read = fetched.document(other, readsManifests);
            Optional<RegistryFailure> failure = read.flatMap(
                            answer -> answer.fold(document -> Optional.empty(), Optional::of))
                    .filter(ManifestSelector::failsPull);
            if (failure.isPresent()) {
                return Optional.of(new Unreadable(failure.get(), Optional.of(Part.MANIFEST)));
            }
            complete &= read.isPresent() || !readsManifests;
        }
        return complete ? Optional.of(selection) : Optional.empty();
    }

    /** A runtime does not look at what sort of artifact it fetches in addition. */
    private static boolean failsPull(RegistryFailure failure) {
        return failure.kind() != RegistryFailure.Kind.NOT_AN_IMAGE;
    }

    private static boolean isNydus(Descriptor entry) {
        return entry.platform().map(Platform::isNydus).orElse(false);
    }

    private Optional<Selection> nested(Index index, Descriptor entry, int depth) {
        if (!indexSelector.followsNestedIndexes()) {
            return Optional.of(None.because(Cause.NESTED_REFUSED, entry));
        }
        if (indexSelector.isMixed(index, entry)) {
            return Optional.of(None.because(Cause.NESTED_BESIDE_OTHERS, entry));
        }
        if (depth >= MAX_NESTING) {
            return Optional.of(None.because(Cause.NESTED_TOO_DEEP, entry));
        }
        return with(fetched.document(entry, true), Part.INDEX, document -> {
            if (document instanceof Index inner) {
                return fromIndex(inner, depth + 1).map(selection -> seenFromOutside(selection, entry));
            }
            return Optional.of(None.because(Cause.UNKNOWN_TYPE, entry));
        });
    }

    /** "No match" within a nested index is the nested index's fault: the runtime never checks its siblings. */
    private static Selection seenFromOutside(Selection inner, Descriptor entry) {
        boolean withoutMatch =
                inner instanceof None none && (none.cause() == Cause.NO_MATCH || none.cause() == Cause.EMPTY);
        return withoutMatch ? None.because(Cause.NESTED_WITHOUT_MATCH, entry) : inner;
    }

    /** The entry names a matching platform: runtimes believe it. */
    private Optional<Selection> named(Descriptor entry) {
        if (isNydus(entry)) {
            return Optional.of(None.because(Cause.NYDUS, entry));
        }
        // an artifact may stand where an image is expected: SOCI indexes do
        boolean reads = readsManifests || !entry.artifactType().isEmpty();
        Optional<RegistryResult<Document>> document = fetched.document(entry, reads);
        if (document.isEmpty() && !reads) {
            return Optional.of(
                    new Selected(Optional.of(entry), Optional.empty(), Optional.empty(), indexSelector.fetches(entry)));
        }
        return with(document, Part.MANIFEST, read -> {
            if (!(read instanceof Manifest manifest)) {
                return Optional.of(None.because(Cause.UNKNOWN_TYPE, entry));
            }
            if (!manifest.hasImageConfig()) {
                return Optional.of(taken(Optional.of(entry), manifest, Optional.empty()));
            }
            Optional<RegistryResult<ImageConfig>> config = fetched.config(manifest.config(), readsManifests);
            if (config.isEmpty() && !readsManifests) {
                return Optional.of(taken(Optional.of(entry), manifest, Optional.empty()));
            }
            return with(
                    config, Part.CONFIG, known -> Optional.of(taken(Optional.of(entry), manifest, Optional.of(known))));
        });
    }

    /** The entry names no platform: containerd lets its config decide, and it is the only one that it tries. */
    private Optional<Selection> unnamed(Descriptor entry) {
        return with(fetched.document(entry, true), Part.MANIFEST, read -> {
            if (!(read instanceof Manifest manifest)) {
                return Optional.of(None.because(Cause.UNKNOWN_TYPE, entry));
            }
            if (manifest.notAnImage().isPresent()) {
                return Optional.of(new None(
                        Cause.FIRST_WITHOUT_PLATFORM, Optional.of(entry), Optional.of(manifest), Optional.empty()));
            }
            return with(fetched.config(manifest.config(), true), Part.CONFIG, config -> {
                if (indexSelector.comparesConfigs() && !indexSelector.matches(config.platform())) {
                    return Optional.of(new None(
                            Cause.FIRST_WITHOUT_PLATFORM,
                            Optional.of(entry),
                            Optional.of(manifest),
                            Optional.of(config)));
                }
                return Optional.of(taken(Optional.of(entry), manifest, Optional.of(config)));
            });
        });
    }

    private Selected taken(Optional<Descriptor> entry, Manifest manifest, Optional<ImageConfig> config) {
        return new Selected(
                entry,
                Optional.of(manifest),
                config,
                entry.map(indexSelector::fetches).orElse(true));
    }

    private static <T> Optional<Selection> with(
            Optional<RegistryResult<T>> read, Part part, Function<T, Optional<Selection>> next) {
        return read.flatMap(
                answer -> answer.fold(next, failure -> Optional.of(new Unreadable(failure, Optional.of(part)))));
    }
}
