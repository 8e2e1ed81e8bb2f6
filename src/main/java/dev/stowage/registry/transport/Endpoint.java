package dev.stowage.registry.transport;

import dev.stowage.image.Repository;
import dev.stowage.registry.Mirror;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.net.Authority;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One host at which a repository is requested: its registry, or a mirror of it.
 *
 * @param authority host, with port where it has its own
 * @param plain whether it uses plain HTTP
 * @param path the repository's path there
 * @param mirrorOf the registry whose mirror this is; empty for the registry itself
 * @param rule its settings
 */
public record Endpoint(String authority, boolean plain, String path, String mirrorOf, RegistryRule rule) {

    private static final String HUB_HOST = "registry-1.docker.io";

    /** The hosts that serve a repository, in order; empty when the repository's name is not valid. */
    public static List<Endpoint> of(Repository repository, RegistrySettings settings) {
        String registry = repository.registry();
        if (!Authority.isValid(registry) || !Authority.isRepositoryPath(repository.path())) {
            return List.of();
        }
        RegistryRule rule = settings.rule(registry).orElseGet(() -> RegistryRule.of(registry));
        List<Endpoint> endpoints = new ArrayList<>();
        for (Mirror mirror : rule.mirrors()) {
            RegistryRule own = settings.rule(mirror.host())
                    .orElseGet(() -> RegistryRule.of(mirror.host()).withTrusted(rule.trusted()));
            mirror.path(repository.path())
                    .filter(path -> !own.blocked() && Authority.isRepositoryPath(path))
                    .ifPresent(path -> endpoints.add(new Endpoint(
                            mirror.host(),
                            plain(mirror.host(), mirror.insecure().or(own::insecure)),
                            path,
                            registry,
                            own)));
        }
        String host = Repository.DOCKER_HUB.equals(registry) ? HUB_HOST : registry;
        endpoints.add(new Endpoint(host, plain(host, rule.insecure()), repository.path(), "", rule));
        return endpoints;
    }

    private static boolean plain(String authority, Optional<Boolean> insecure) {
        return insecure.orElseGet(() -> Authority.isLoopback(Authority.hostOf(authority)));
    }

    /** The address of a manifest or blob. */
    public URI uri(String what, String target) {
        String query = mirrorOf.isEmpty() ? "" : "?ns=" + mirrorOf;
        return URI.create(
                (plain ? "http://" : "https://") + authority + "/v2/" + path + "/" + what + "/" + target + query);
    }

    /** The name of the host in messages. */
    public String label() {
        return mirrorOf.isEmpty() ? authority : authority + ", a mirror of " + mirrorOf;
    }
}
