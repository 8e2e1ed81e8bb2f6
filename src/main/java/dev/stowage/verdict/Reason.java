package dev.stowage.verdict;

/** The reasons of verdicts; the labels are stable and used in JSON, reports and metrics (docs/compatibility.md). */
public enum Reason {
    /** It runs. */
    RUNS("Runs"),
    /** The index contains other platforms only. */
    PLATFORM_MISSING("PlatformMissing"),
    /** The index contains nothing but {@code unknown/unknown}, or a single manifest's config says so. */
    UNKNOWN_PLATFORM("UnknownPlatform"),
    /** The index has no entries. */
    EMPTY_INDEX("EmptyIndex"),
    /** The config names another platform than the node's (single manifests, entries without platform). */
    CONFIG_MISMATCH("ConfigMismatch"),
    /** The index declares the node's platform, but the config of that entry another one. */
    PLATFORM_MISMATCH("PlatformMismatch"),
    /** The entry that a node would pull for this platform is an attestation. */
    MISLEADING_ATTESTATION("MisleadingAttestation"),
    /** The runtime selects a sub-platform (386 on amd64, …) but does not fetch it. */
    NOT_FETCHED("NotFetched"),
    /** It depends on something of the node that cannot be seen: the pull mode of containerd, a snapshotter. */
    NODE_DEPENDENT("NodeDependent"),
    /** A nested index that this runtime rejects or finds no match in. */
    NESTED_INDEX("NestedIndex"),
    /** A manifest or config of the image is missing in the registry. */
    CONTENT_MISSING("ContentMissing"),
    /** The config does not say enough to know. */
    CONFIG_INCOMPLETE("ConfigIncomplete"),
    /** A Helm chart, signature, attestation, schema 1 manifest or other artifact that is not an image. */
    NOT_AN_IMAGE("NotAnImage"),
    /** The reference itself is not valid. */
    INVALID_REFERENCE("InvalidReference"),
    /** A template leaves the image open for a controller to fill in. */
    NO_REFERENCE("NoReference"),
    /** {@code imagePullPolicy: Never}: the registry does not matter. */
    NEVER_PULLED("NeverPulled"),
    /** The tag or repository does not exist. */
    NOT_FOUND("NotFound"),
    /** See {@link dev.stowage.registry.RegistryFailure.Kind#UNAUTHORIZED}. */
    UNAUTHORIZED("Unauthorized"),
    /** See {@link dev.stowage.registry.RegistryFailure.Kind#FORBIDDEN}. */
    FORBIDDEN("Forbidden"),
    /** See {@link dev.stowage.registry.RegistryFailure.Kind#RATE_LIMITED}. */
    RATE_LIMITED("RateLimited"),
    /** See {@link dev.stowage.registry.RegistryFailure.Kind#UNAVAILABLE}. */
    UNAVAILABLE("Unavailable"),
    /** See {@link dev.stowage.registry.RegistryFailure.Kind#TIMEOUT}. */
    TIMEOUT("Timeout"),
    /** See {@link dev.stowage.registry.RegistryFailure.Kind#INVALID}. */
    INVALID("Invalid"),
    /** See {@link dev.stowage.registry.RegistryFailure.Kind#TOO_LARGE}. */
    TOO_LARGE("TooLarge"),
    /** See {@link dev.stowage.registry.RegistryFailure.Kind#REFUSED}. */
    REFUSED("Refused");

    private final String label;

    Reason(String label) {
        this.label = label;
    }

    /** Whether it applies to every node if the image contains no platform at all. */
    public boolean independentOfPlatform() {
        return switch (this) {
            case NOT_AN_IMAGE, EMPTY_INDEX, UNKNOWN_PLATFORM, INVALID_REFERENCE, INVALID, TOO_LARGE -> true;
            default -> false;
        };
    }

    /** Whether it lies in the content of a digest, and so holds for as long as the tag does not move. */
    public boolean ofContent() {
        return switch (this) {
            case PLATFORM_MISSING,
                    UNKNOWN_PLATFORM,
                    EMPTY_INDEX,
                    CONFIG_MISMATCH,
                    PLATFORM_MISMATCH,
                    MISLEADING_ATTESTATION,
                    NOT_FETCHED,
                    NESTED_INDEX,
                    NOT_AN_IMAGE -> true;
            default -> false;
        };
    }

    /** Whether no repetition of the check would change it, because it depends on what cannot be seen of the node. */
    public boolean uncertain() {
        return this == NODE_DEPENDENT || this == CONFIG_INCOMPLETE || this == NOT_AN_IMAGE;
    }

    /** Whether the image is not pulled from a registry, so that there is nothing to check. */
    public boolean notPulled() {
        return this == NEVER_PULLED || this == NO_REFERENCE;
    }

    /** The name in JSON, reports and metrics. */
    public String label() {
        return label;
    }
}
