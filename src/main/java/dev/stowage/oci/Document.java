package dev.stowage.oci;

/** What a manifest request is answered with: an index of manifests, or one manifest. */
public sealed interface Document permits Index, Manifest {

    /** The media type that the document was served as, without parameters. */
    String mediaType();
}
