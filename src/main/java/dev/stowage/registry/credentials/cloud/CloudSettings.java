package dev.stowage.registry.credentials.cloud;

/**
 * The clouds whose registries are read with the identity of Stowage's own pod, where it has one.
 *
 * @param aws Amazon ECR
 * @param google Artifact Registry and Container Registry
 * @param azure Azure Container Registry
 */
public record CloudSettings(boolean aws, boolean google, boolean azure) {

    /** No cloud: no metadata service is contacted. */
    public static final CloudSettings OFF = new CloudSettings(false, false, false);

    /** Whether nothing is to be done. */
    public boolean isOff() {
        return !aws && !google && !azure;
    }
}
