package dev.stowage.registry.credentials.cloud;

import java.util.Optional;

/** The identity that this pod has at Azure. Calls block. */
interface AzureIdentity {

    /** The audience of tokens for registries, in all of Azure's clouds. */
    String AUDIENCE = "https://containerregistry.azure.net";

    /** An access token of Entra ID. */
    String token() throws CloudException;

    /** The end of the names of registries in the identity's cloud, the only ones that it is shown to; empty if there is no identity. */
    Optional<String> domain();
}
