package dev.stowage.resolve;

import dev.stowage.image.Digest;
import dev.stowage.oci.Descriptor;
import dev.stowage.oci.Document;
import dev.stowage.oci.ImageConfig;
import dev.stowage.registry.RegistryResult;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The documents and configs of one image that have been read so far. Who looks for one that is not there leaves it on the list
 * of what is wanted, so that everything wanted can be fetched at once. Not safe for use by several threads at a time.
 */
final class FetchState {

    /** Content is requested by digest and checked against its declared size, so both tell one from another. */
    private record Content(Digest digest, long size) {
        static Content of(Descriptor descriptor) {
            return new Content(descriptor.digest(), descriptor.size());
        }
    }

    private final Map<Content, RegistryResult<Document>> documents = new HashMap<>();
    private final Map<Content, RegistryResult<ImageConfig>> configs;
    private final Map<Content, Descriptor> wantedDocuments;
    private final Map<Content, Descriptor> wantedConfigs;
    private final Function<Descriptor, Optional<RegistryResult<Document>>> knownDocuments;
    private final Function<Descriptor, Optional<RegistryResult<ImageConfig>>> knownConfigs;

    /**
     * @param knownDocuments documents that need no request, such as cached ones
     * @param knownConfigs configs that need no request
     */
    FetchState(
            Function<Descriptor, Optional<RegistryResult<Document>>> knownDocuments,
            Function<Descriptor, Optional<RegistryResult<ImageConfig>>> knownConfigs) {
        this.knownDocuments = knownDocuments;
        this.knownConfigs = knownConfigs;
        this.configs = new HashMap<>();
        this.wantedDocuments = new LinkedHashMap<>();
        this.wantedConfigs = new LinkedHashMap<>();
    }

    /** The same, for a runtime that reads documents in another way: what is wanted is fetched once for both. */
    FetchState(FetchState other, Function<Descriptor, Optional<RegistryResult<Document>>> knownDocuments) {
        this.knownDocuments = knownDocuments;
        this.knownConfigs = other.knownConfigs;
        this.configs = other.configs;
        this.wantedDocuments = other.wantedDocuments;
        this.wantedConfigs = other.wantedConfigs;
    }

    /** The document of this entry; when it has not been read, it is wanted from now on if it is required. */
    Optional<RegistryResult<Document>> document(Descriptor entry, boolean required) {
        return take(entry, required, documents, wantedDocuments, knownDocuments);
    }

    /** The config of this descriptor; when it has not been read, it is wanted from now on if it is required. */
    Optional<RegistryResult<ImageConfig>> config(Descriptor config, boolean required) {
        return take(config, required, configs, wantedConfigs, knownConfigs);
    }

    void put(Descriptor entry, RegistryResult<Document> document) {
        documents.put(Content.of(entry), document);
        wantedDocuments.remove(Content.of(entry));
    }

    void putConfig(Descriptor config, RegistryResult<ImageConfig> content) {
        configs.put(Content.of(config), content);
        wantedConfigs.remove(Content.of(config));
    }

    List<Descriptor> wantedDocuments() {
        return List.copyOf(wantedDocuments.values());
    }

    List<Descriptor> wantedConfigs() {
        return List.copyOf(wantedConfigs.values());
    }

    private static <T> Optional<RegistryResult<T>> take(
            Descriptor descriptor,
            boolean required,
            Map<Content, RegistryResult<T>> read,
            Map<Content, Descriptor> wanted,
            Function<Descriptor, Optional<RegistryResult<T>>> known) {
        Content content = Content.of(descriptor);
        RegistryResult<T> there = read.get(content);
        if (there != null) {
            return Optional.of(there);
        }
        Optional<RegistryResult<T>> cached = known.apply(descriptor);
        if (cached.isPresent()) {
            read.put(content, cached.get());
        } else if (required) {
            wanted.putIfAbsent(content, descriptor);
        }
        return cached;
    }
}
