package dev.stowage.registry.credentials;

import dev.stowage.registry.Credential;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The credentials of a Docker configuration file.
 *
 * @param auths key to credential
 * @param credHelpers host to the name of its credential helper
 * @param credsStore the name of the credential helper of all other hosts; empty when there is none
 */
record DockerAuths(Map<String, Credential> auths, Map<String, String> credHelpers, String credsStore) {
    DockerAuths {
        auths = Collections.unmodifiableMap(new LinkedHashMap<>(auths));
        credHelpers = Collections.unmodifiableMap(new LinkedHashMap<>(credHelpers));
        Objects.requireNonNull(credsStore, "credsStore");
    }
}
