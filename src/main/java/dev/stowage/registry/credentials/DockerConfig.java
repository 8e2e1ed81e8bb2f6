package dev.stowage.registry.credentials;

import dev.stowage.async.Deadline;
import dev.stowage.image.Repository;
import dev.stowage.registry.Credential;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.ReadCredentials;
import dev.stowage.registry.RegistryResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The credentials that a person logged in with: Docker's {@code config.json}, then Podman's {@code auth.json}. The first
 * credential found is the only one, and hosts are compared whole: there are no patterns, other than in pull secrets.
 */
public final class DockerConfig implements Keyring {

    private static final List<String> DOCKER_HUB_NAMES =
            List.of(CredentialHelper.DOCKER_HUB_SERVER, "index.docker.io", "docker.io");

    private final List<DockerAuths> files;
    private final List<Path> searchPath;

    private DockerConfig(List<DockerAuths> files, List<Path> searchPath) {
        this.files = List.copyOf(files);
        this.searchPath = List.copyOf(searchPath);
    }

    /**
     * Reads {@code $DOCKER_CONFIG/config.json} or {@code ~/.docker/config.json}, and {@code $REGISTRY_AUTH_FILE} or
     * {@code $XDG_RUNTIME_DIR/containers/auth.json}. A file that does not exist contains no credentials.
     *
     * @param environment the environment's variables, of which {@code PATH} says where credential helpers are
     * @param home the user's home folder
     * @throws InvalidDockerConfigException when a file exists but cannot be read
     */
    public static DockerConfig load(Map<String, String> environment, Path home) throws InvalidDockerConfigException {
        List<Path> searchPath = CredentialHelper.searchPath(environment.get("PATH"));
        List<DockerAuths> files = new ArrayList<>();
        for (Path file : locations(environment, home)) {
            Optional<byte[]> content = read(file);
            if (content.isPresent() && content.get().length > 0) {
                files.add(parsed(file, content.get(), searchPath));
            }
        }
        return new DockerConfig(files, searchPath);
    }

    @Override
    public CompletableFuture<RegistryResult<ReadCredentials>> credentialsFor(Repository repository, Deadline deadline) {
        return credentialsFor(repository, files.iterator(), deadline);
    }

    /** The name of this repository's registry for Docker and its helpers. */
    static String serverOf(Repository repository) {
        return isDockerHub(repository) ? CredentialHelper.DOCKER_HUB_SERVER : repository.registry();
    }

    private CompletableFuture<RegistryResult<ReadCredentials>> credentialsFor(
            Repository repository, Iterator<DockerAuths> remaining, Deadline deadline) {
        if (!remaining.hasNext()) {
            return CompletableFuture.completedFuture(new RegistryResult.Success<>(ReadCredentials.ANONYMOUS));
        }
        DockerAuths file = remaining.next();
        Optional<String> helper = helperFor(file, repository);
        CompletableFuture<RegistryResult<Optional<Credential>>> fromHelper = helper.isPresent()
                ? CredentialHelper.named(helper.get(), searchPath).credentialFor(serverOf(repository), deadline)
                : CompletableFuture.completedFuture(new RegistryResult.Success<>(Optional.empty()));
        return fromHelper.thenCompose(answer -> answer.fold(
                credential -> credential
                        .or(() -> storedFor(file, repository))
                        .map(DockerConfig::only)
                        .orElseGet(() -> credentialsFor(repository, remaining, deadline)),
                failure -> CompletableFuture.completedFuture(new RegistryResult.Failure<>(failure))));
    }

    private static CompletableFuture<RegistryResult<ReadCredentials>> only(Credential credential) {
        return CompletableFuture.completedFuture(
                new RegistryResult.Success<>(new ReadCredentials(List.of(credential))));
    }

    private static Optional<String> helperFor(DockerAuths file, Repository repository) {
        for (String name : namesOf(repository)) {
            String helper = file.credHelpers().getOrDefault(name, "");
            if (!helper.isEmpty()) {
                return Optional.of(helper);
            }
        }
        return Optional.of(file.credsStore()).filter(store -> !store.isEmpty());
    }

    private static Optional<Credential> storedFor(DockerAuths file, Repository repository) {
        // Podman logs in to a part of a registry under a key with a path; the longest one is meant
        String scope = repository.toString();
        while (scope.contains("/")) {
            Optional<Credential> stored = usable(file.auths().get(scope));
            if (stored.isPresent()) {
                return stored;
            }
            scope = scope.substring(0, scope.lastIndexOf('/'));
        }
        for (String name : namesOf(repository)) {
            Optional<Credential> stored = usable(file.auths().get(name));
            if (stored.isPresent()) {
                return stored;
            }
        }
        return file.auths().entrySet().stream()
                .filter(entry -> namesOf(repository).contains(hostOf(entry.getKey())))
                .flatMap(entry -> usable(entry.getValue()).stream())
                .findFirst();
    }

    /** An entry next to a credential helper is empty: it only notes that there was a login. */
    private static Optional<Credential> usable(@Nullable Credential credential) {
        return Optional.ofNullable(credential).filter(found -> !found.isAnonymous());
    }

    /** The host of a key that names all of a registry, as old versions of Docker wrote it. */
    private static String hostOf(String key) {
        return key.replaceFirst("^https?://", "").replaceFirst("(/v[12])?/?$", "");
    }

    private static List<String> namesOf(Repository repository) {
        return isDockerHub(repository) ? DOCKER_HUB_NAMES : List.of(repository.registry());
    }

    private static boolean isDockerHub(Repository repository) {
        return repository.registry().equals(Repository.DOCKER_HUB);
    }

    private static List<Path> locations(Map<String, String> environment, Path home) {
        List<Path> locations = new ArrayList<>();
        String docker = environment.getOrDefault("DOCKER_CONFIG", "");
        locations.add((docker.isEmpty() ? home.resolve(".docker") : Path.of(docker)).resolve("config.json"));
        String podman = environment.getOrDefault("REGISTRY_AUTH_FILE", "");
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        if (!podman.isEmpty()) {
            locations.add(Path.of(podman));
        } else if (!runtime.isEmpty()) {
            locations.add(Path.of(runtime, "containers", "auth.json"));
        }
        return locations;
    }

    private static Optional<byte[]> read(Path file) throws InvalidDockerConfigException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        if (Files.isDirectory(file)) {
            throw new InvalidDockerConfigException(file, "it is a folder");
        }
        try (InputStream content = Files.newInputStream(file)) {
            return Optional.of(content.readNBytes(AuthsReader.MAX_BYTES + 1));
        } catch (IOException e) {
            throw new InvalidDockerConfigException(file, "permission denied; check its owner and mode");
        }
    }

    private static DockerAuths parsed(Path file, byte[] content, List<Path> searchPath)
            throws InvalidDockerConfigException {
        try {
            DockerAuths auths = AuthsReader.dockerConfiguration(content);
            List<String> helpers = new ArrayList<>(auths.credHelpers().values());
            helpers.add(auths.credsStore());
            for (String helper : helpers) {
                if (!helper.isEmpty()) {
                    CredentialHelper.named(helper, searchPath);
                }
            }
            return auths;
        } catch (MalformedAuthsException | IllegalArgumentException e) {
            throw new InvalidDockerConfigException(file, String.valueOf(e.getMessage()));
        }
    }
}
