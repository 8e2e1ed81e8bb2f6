package dev.stowage.oci;

/**
 * A Docker schema 1 manifest, which CRI-O still converts and other runtimes no longer support.
 *
 * @param mediaType the media type that it was served as
 */
public record Schema1(String mediaType) implements Document {}
