package dev.stowage.cli;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.image.Repository;
import dev.stowage.oci.DocumentReader;
import dev.stowage.registry.HttpRegistry;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.Proxies;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.auth.DockerConfig;
import dev.stowage.registry.auth.InvalidDockerConfigException;
import dev.stowage.registry.cache.CacheObserver;
import dev.stowage.registry.cache.CacheSettings;
import dev.stowage.registry.cache.CachingRegistry;
import dev.stowage.resolve.ImageResolver;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** Puts the engine together as a person at a desk needs it: Docker's credentials, proxies from the environment. */
final class EngineFactory implements Engines {

    private final Map<String, String> environment;
    private final Path home;

    /**
     * @param environment the environment's variables
     * @param home the user's home folder
     */
    EngineFactory(Map<String, String> environment, Path home) {
        this.environment = Map.copyOf(environment);
        this.home = Objects.requireNonNull(home, "home");
    }

    @Override
    public ImageEngine open(EngineOptions options) {
        HttpRegistry registry = new HttpRegistry(settings(options), RegistryObserver.NONE);
        // within one run the cache makes one request of the same thing wanted in many places
        CachingRegistry cache =
                new CachingRegistry(registry, CacheSettings.DEFAULT, Ticker.systemTicker(), CacheObserver.NONE);
        return new ImageEngine(new ImageResolver(cache, new DocumentReader()), keyring(), Repository.DOCKER_HUB);
    }

    private RegistrySettings settings(EngineOptions options) {
        RegistryRule[] rules = options.insecureRegistries().stream()
                .map(host -> RegistryRule.of(host).withInsecure(true))
                .toArray(RegistryRule[]::new);
        try {
            return RegistrySettings.DEFAULT.withRules(rules).withProxies(Proxies.from(environment));
        } catch (IllegalArgumentException e) {
            throw new StoppedException(ExitCode.USAGE, e.getMessage());
        }
    }

    private Keyring keyring() {
        try {
            return DockerConfig.load(environment, home);
        } catch (InvalidDockerConfigException e) {
            throw new StoppedException(ExitCode.USAGE, e.getMessage());
        }
    }
}
