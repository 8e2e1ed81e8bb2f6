package dev.stowage.config;

import java.nio.file.Path;
import java.util.Optional;

/** The kubelet's credential provider plug-ins, for the webhook and the reports. */
public interface CredentialProvidersConfig {

    /** A CredentialProviderConfig, or a folder of them: the kubelet's {@code --image-credential-provider-config}. */
    Optional<Path> config();

    /** The folder of the plug-ins: the kubelet's {@code --image-credential-provider-bin-dir}. */
    Optional<Path> binDir();
}
