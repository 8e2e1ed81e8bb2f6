package dev.stowage.demo;

import dev.stowage.image.Digest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What the embedded registry holds, by repository. */
final class RegistryShelves {

    private final Map<String, Shelf> byRepository = new ConcurrentHashMap<>();

    /** The repository's shelf, which is made when there is none. */
    Shelf shelf(String repository) {
        return byRepository.computeIfAbsent(repository, name -> new Shelf());
    }

    /** The repository's shelf, when something was ever put there. */
    Optional<Shelf> existing(String repository) {
        return Optional.ofNullable(byRepository.get(repository)).filter(shelf -> !shelf.isEmpty());
    }

    /**
     * A manifest as it was put.
     *
     * @param mediaType the type it was put under, which it is served under
     */
    record StoredManifest(String mediaType, Digest digest, byte[] content) {}

    /** One repository. */
    static final class Shelf implements ImageStore {
        private final Map<String, StoredManifest> manifests = new ConcurrentHashMap<>();
        private final Map<String, Digest> tags = new ConcurrentHashMap<>();
        private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();

        @Override
        public Digest putBlob(byte[] content) {
            Digest digest = Digest.of(content);
            putBlob(digest, content);
            return digest;
        }

        /** Stores a blob under a digest that describes it. */
        void putBlob(Digest digest, byte[] content) {
            blobs.put(digest.toString(), content.clone());
        }

        @Override
        public Digest putManifest(String tag, String mediaType, byte[] content) {
            Digest digest = Digest.of(content);
            manifests.put(digest.toString(), new StoredManifest(mediaType, digest, content.clone()));
            if (tag != null) {
                tags.put(tag, digest);
            }
            return digest;
        }

        /** The manifest of this tag or digest. */
        Optional<StoredManifest> manifest(String tagOrDigest) {
            Digest tagged = tags.get(tagOrDigest);
            return Optional.ofNullable(manifests.get(tagged == null ? tagOrDigest : tagged.toString()));
        }

        Optional<byte[]> blob(String digest) {
            return Optional.ofNullable(blobs.get(digest));
        }

        /** In the order that the specification asks for. */
        List<String> tags() {
            return tags.keySet().stream().sorted().toList();
        }

        private boolean isEmpty() {
            return manifests.isEmpty() && blobs.isEmpty();
        }
    }
}
