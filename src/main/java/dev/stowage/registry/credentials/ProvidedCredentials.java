package dev.stowage.registry.credentials;

import dev.stowage.registry.Credential;
import java.util.List;

/**
 * What a {@link CredentialProvider} has for a repository.
 *
 * @param credentials the credentials, the first to be tried first
 * @param problems why there may be fewer than the kubelet would have: one clause each, with its fix and without any secret
 */
public record ProvidedCredentials(List<Credential> credentials, List<String> problems) {

    public ProvidedCredentials {
        credentials = List.copyOf(credentials);
        problems = List.copyOf(problems);
    }
}
