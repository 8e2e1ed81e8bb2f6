package dev.stowage.config;

import dev.stowage.kube.ObjectName;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** Pull secrets. */
public interface PullSecretsConfig {

    /** Whether pull secrets of pods and service accounts are read at all. */
    @WithDefault("true")
    boolean enabled();

    /** A pull secret for every namespace, as {@code namespace/name}. */
    Optional<ObjectName> global();
}
