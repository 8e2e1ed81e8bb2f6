package dev.stowage.registry.transport;

import dev.stowage.image.Repository;
import dev.stowage.registry.Mirror;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.net.Authority;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
        RegistryRule rule = ruleOf(registry, settings);
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
        if (endpoints.isEmpty() || !isOfNodesOnly(registry, settings)) {
            String host = Repository.DOCKER_HUB.equals(registry) ? HUB_HOST : registry;
            endpoints.add(new Endpoint(host, plain(host, rule.insecure()), repository.path(), "", rule));
        }
        return endpoints;
    }

    /**
     * The host that serves a repository of a registry that only nodes reach by its name. It is contacted as the registry would be:
     * by plain HTTP unless configured otherwise.
     *
     * @param host the registry's host and port as seen from here
     * @return empty if that is not a host, or a blocked one
     */
    public static Optional<Endpoint> ofLocal(Repository repository, String host, RegistrySettings settings) {
        RegistryRule own = ruleOf(host, settings);
        if (!Authority.isValid(host) || own.blocked()) {
            return Optional.empty();
        }
        boolean plain = own.insecure()
                .or(() -> ruleOf(repository.registry(), settings).insecure())
                .orElse(true);
        return Optional.of(new Endpoint(host, plain, repository.path(), repository.registry(), own));
    }

    /** Whether a registry's name may mean something else here than on a node, as those of RFC 6761 below {@code localhost} do. */
    public static boolean isLocal(String registry, RegistrySettings settings) {
        return isOfNodesOnly(registry, settings)
                || !settings.addresses().loopback()
                        && Authority.hostOf(registry).toLowerCase(Locale.ROOT).endsWith(".localhost");
    }

    /** Whether a registry's name means the loopback interface of nodes, which may not be contacted here. */
    public static boolean isOfNodesOnly(String registry, RegistrySettings settings) {
        return Authority.loopback(Authority.hostOf(registry))
                .flatMap(settings.addresses()::refusal)
                .isPresent();
    }

    private static RegistryRule ruleOf(String host, RegistrySettings settings) {
        return settings.rule(host).orElseGet(() -> RegistryRule.of(host));
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
