package dev.stowage.demo;

import dev.stowage.image.Digest;

/** Where sample images are put: one repository of a registry. */
public interface ImageStore {

    /** Stores a blob. */
    Digest putBlob(byte[] content);

    /**
     * Stores a manifest or index.
     *
     * @param tag the tag to give it; null for none
     * @param mediaType the media type to store it under
     */
    Digest putManifest(String tag, String mediaType, byte[] content);
}
