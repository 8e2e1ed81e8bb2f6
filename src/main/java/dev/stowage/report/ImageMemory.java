package dev.stowage.report;

import dev.stowage.image.ImageReference;
import dev.stowage.platform.NodeProfile;
import dev.stowage.registry.Deadline;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.cache.Recollection;
import dev.stowage.resolve.ImageRecorder.Recorded;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What the engine has in memory of images, and may be told from before a restart. */
public interface ImageMemory {

    /** Remembers nothing. */
    ImageMemory NONE = new ImageMemory() {
        @Override
        public CompletableFuture<Optional<Recorded>> record(
                ImageReference reference, Set<NodeProfile> profiles, Keyring keyring, Deadline deadline) {
            return CompletableFuture.completedFuture(Optional.empty());
        }

        @Override
        public void recall(String namespace, ImageReference reference, Recollection known, Duration age) {}

        @Override
        public Optional<byte[]> key() {
            return Optional.empty();
        }
    };

    /**
     * What is to be remembered of an image that has just been read; no registry is asked.
     *
     * @param profiles the node profiles that it was read for
     * @param keyring with which credentials
     * @return completes by the deadline, never exceptionally; nothing where it cannot be told in full
     */
    CompletableFuture<Optional<Recorded>> record(
            ImageReference reference, Set<NodeProfile> profiles, Keyring keyring, Deadline deadline);

    /**
     * Takes over what was known; told to pods of this namespace only.
     *
     * @param age how long ago the registry said so; never negative
     */
    void recall(String namespace, ImageReference reference, Recollection known, Duration age);

    /** A secret that all replicas share, and nobody else; nothing while there is none. Whatever makes old knowledge void changes it. */
    Optional<byte[]> key();
}
