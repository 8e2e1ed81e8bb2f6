package dev.stowage.resolve;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Weigher;
import dev.stowage.oci.Document;
import dev.stowage.oci.DocumentReader;
import dev.stowage.oci.ImageConfig;
import dev.stowage.oci.Index;
import dev.stowage.oci.InvalidDocumentException;
import dev.stowage.platform.NodeProfile;
import dev.stowage.platform.Platform;
import dev.stowage.registry.Content;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What content was read as, and which entries of indexes runtimes try. Neither ever changes, and working it out again for each
 * review would cost more than all else that an answer from memory takes, the more the larger the index. It is found by the
 * identity of the bytes, which a cache of registries contains once, so what is dropped there is dropped here too.
 */
final class ParsedDocumentCache {

    /** What the bytes take that documents were read from; the documents take about twice as much. */
    private static final long DOCUMENT_BYTES = 8L << 20;

    private static final long CONFIG_BYTES = 4L << 20;
    private static final long SELECTION_BYTES = 16L << 20;
    private static final long SELECTOR_BYTES = 2L << 20;

    /** Pods may pin any platform, so there is no end of profiles. */
    private static final int CHOICES_OF_AN_INDEX = 32;

    /** The names of platforms are short; a longer one is not worth its memory. */
    private static final int LONGEST_PLATFORM = 200;

    private static final int OVERHEAD = 200;
    private static final int SELECTOR_OVERHEAD = 1_000;
    private static final int STRING_BYTES = 60;

    /** The media type is not in the bytes: an entry of an index, or a header, says it. */
    private record ParsedDocument(String mediaType, Document document) {}

    private final DocumentReader reader;
    private final Cache<byte[], ParsedDocument> documents;
    private final Cache<byte[], ImageConfig> configs =
            weighted(CONFIG_BYTES, (bytes, config) -> OVERHEAD + weight(config.platform()));
    private final Cache<Index, Map<NodeProfile, IndexSelector.Choice>> selections =
            weighted(SELECTION_BYTES, (index, made) -> CHOICES_OF_AN_INDEX * OVERHEAD);
    private final Cache<NodeProfile, IndexSelector> selectors = Caffeine.newBuilder()
            .maximumWeight(SELECTOR_BYTES)
            .weigher(
                    (NodeProfile profile, IndexSelector selector) -> SELECTOR_OVERHEAD + 4 * weight(profile.platform()))
            .executor(Runnable::run)
            .build();

    ParsedDocumentCache(DocumentReader reader) {
        this.reader = reader;
        this.documents = Caffeine.newBuilder()
                .weakKeys()
                .maximumWeight(DOCUMENT_BYTES)
                .weigher((byte[] bytes, ParsedDocument read) -> OVERHEAD + bytes.length)
                .executor(Runnable::run)
                .build();
    }

    private static <K, V> Cache<K, V> weighted(long bytes, Weigher<K, V> weigher) {
        return Caffeine.newBuilder()
                .weakKeys()
                .maximumWeight(bytes)
                .weigher(weigher)
                .executor(Runnable::run)
                .build();
    }

    private static int weight(Platform platform) {
        return platform.os().length()
                + platform.architecture().length()
                + platform.variant().length()
                + platform.osVersion().length()
                + platform.osFeatures().stream()
                        .mapToInt(feature -> STRING_BYTES + feature.length())
                        .sum();
    }

    /** The document that this content is when it is served as this; see {@link DocumentReader#document}. */
    Document document(Content content, String mediaType) throws InvalidDocumentException {
        ParsedDocument known = documents.getIfPresent(content.bytes());
        if (known != null && known.mediaType().equals(mediaType)) {
            return known.document();
        }
        Document document = reader.document(content.bytes(), mediaType);
        documents.put(content.bytes(), new ParsedDocument(mediaType, document));
        return document;
    }

    /** The config that this content is; see {@link DocumentReader#config}. */
    ImageConfig config(Content content) throws InvalidDocumentException {
        ImageConfig known = configs.getIfPresent(content.bytes());
        if (known != null) {
            return known;
        }
        ImageConfig config = reader.config(content.bytes());
        configs.put(content.bytes(), config);
        return config;
    }

    /** How this profile's runtime chooses. */
    IndexSelector selector(NodeProfile profile) {
        return selectors.get(profile, IndexSelector::new);
    }

    /** What this profile's runtime takes; see {@link IndexSelector#choose}. */
    IndexSelector.Choice choose(Index index, NodeProfile profile) {
        Map<NodeProfile, IndexSelector.Choice> made = selections.get(index, absent -> new ConcurrentHashMap<>());
        IndexSelector.Choice choice = made.get(profile);
        if (choice == null) {
            choice = selector(profile).choose(index);
            if (made.size() < CHOICES_OF_AN_INDEX && weight(profile.platform()) < LONGEST_PLATFORM) {
                made.put(profile, choice);
            }
        }
        return choice;
    }
}
