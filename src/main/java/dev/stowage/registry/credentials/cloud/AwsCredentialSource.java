package dev.stowage.registry.credentials.cloud;

/** One of the places where AWS's own tools find credentials. Calls block. */
interface AwsCredentialSource {

    /**
     * New credentials.
     *
     * @param region the region of the registry, for where none is configured
     */
    AwsCredentials get(String region) throws CloudException;

    /** Whether there are credentials, or something that is wrong with them. */
    default boolean isPresent() {
        return true;
    }

    /** The region of this machine, where the source knows it; else empty. */
    default String region() {
        return "";
    }
}
