package dev.stowage.oci;

/** What a manifest request is answered with: an index of manifests, or one manifest. */
public sealed interface Document permits Index, Manifest, Schema1 {

    /** The media type that the document was served as, without parameters. */
    String mediaType();
}
