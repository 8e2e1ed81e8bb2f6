package dev.stowage.config;

import java.util.Optional;

/** The registries of clouds, read with the identity of Stowage's own pod: by default in a cluster, and not on the command line. */
public interface CloudCredentialsConfig {

    /** Amazon ECR. */
    Optional<Use> aws();

    /** Artifact Registry and Container Registry. */
    Optional<Use> google();

    /** Azure Container Registry. */
    Optional<Use> azure();

    /** Whether an identity is used. */
    enum Use {
        /** Where there is one. */
        AUTO,
        /** Never; no metadata service is contacted. */
        OFF
    }
}
