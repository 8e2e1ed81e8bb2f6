package dev.stowage.cli.manifest;

/** Input that cannot be read as Kubernetes manifests. The message names file and line, what is wrong and, if known, the fix. */
public final class UnreadableManifestException extends Exception {

    private static final long serialVersionUID = 1L;

    UnreadableManifestException(String message) {
        super(message);
    }
}
