package dev.stowage.registry.credentials;

import dev.stowage.image.Repository;
import dev.stowage.registry.Credential;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the credentials for a repository among pull secrets as the kubelet's keyring does
 * (kubernetes:pkg/credentialprovider/keyring.go): all that match, the most specific keys of a host first.
 */
public final class CredentialMatcher {

    /** The key of a login at Docker Hub, whose images are called by another name. */
    private static final String DOCKER_HUB_LOGIN = "index.docker.io";

    private static final Comparator<PullSecret.Entry> REVERSE_BY_KEY =
            Comparator.comparing((PullSecret.Entry entry) -> entry.key().text()).reversed();

    private final List<PullSecret> secrets;

    /**
     * Over these secrets.
     *
     * @param secrets the secrets in the order in which the pod names them; what is malformed matches nothing
     */
    public CredentialMatcher(List<PullSecret> secrets) {
        this.secrets = List.copyOf(secrets);
    }

    /**
     * The credentials to try, the first first: keys in reverse order over all secrets, within a key in the order of the secrets.
     * A login at Docker Hub serves its images only where nothing else matched.
     */
    public List<Credential> credentialsFor(Repository repository) {
        return entriesFor(repository).stream().map(PullSecret.Entry::credential).toList();
    }

    /** The same with where they come from. */
    List<PullSecret.Entry> entriesFor(Repository repository) {
        List<PullSecret.Entry> found = new ArrayList<>();
        for (PullSecret secret : secrets) {
            found.addAll(secret.entriesFor(repository));
        }
        // the kubelet also takes "localhost" for Docker Hub here; a login must not go to another host than its own
        if (found.isEmpty() && repository.registry().equals(Repository.DOCKER_HUB)) {
            for (PullSecret secret : secrets) {
                found.addAll(secret.entriesOf(DOCKER_HUB_LOGIN));
            }
        }
        found.sort(REVERSE_BY_KEY);
        return found;
    }
}
