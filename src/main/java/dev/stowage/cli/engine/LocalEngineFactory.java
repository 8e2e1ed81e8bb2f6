package dev.stowage.cli.engine;

import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.StoppedException;
import dev.stowage.config.ConfigLoader;
import dev.stowage.config.InvalidConfigException;
import dev.stowage.config.Settings;
import dev.stowage.engine.Engine;
import dev.stowage.registry.Keyring;
import dev.stowage.registry.RegistryObserver;
import dev.stowage.registry.RegistryRule;
import dev.stowage.registry.RegistrySettings;
import dev.stowage.registry.cache.CacheObserver;
import dev.stowage.registry.credentials.CredentialProvider;
import dev.stowage.registry.credentials.DockerConfig;
import dev.stowage.registry.credentials.InvalidDockerConfigException;
import dev.stowage.registry.credentials.cloud.CloudCredentials;
import dev.stowage.registry.net.Proxies;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Creates the engine of the command line: with Docker's credentials, proxies from the environment, and the configuration of an
 * installation if one is given. Without one the classes that read configuration are not loaded, since that takes longer than
 * most commands run.
 */
public final class LocalEngineFactory implements EngineFactory {

    private final Map<String, String> environment;
    private final Path home;

    /**
     * @param environment the environment's variables
     * @param home the user's home folder
     */
    public LocalEngineFactory(Map<String, String> environment, Path home) {
        this.environment = Map.copyOf(environment);
        this.home = Objects.requireNonNull(home, "home");
    }

    @Override
    public LocalEngine open(RegistryOptions options) {
        return open(options, RegistryObserver.NONE);
    }

    @Override
    public LocalEngine open(RegistryOptions options, RegistryObserver requests) {
        Settings configured =
                settings(options.config().or(() -> Optional.ofNullable(environment.get(ConfigLoader.VARIABLE))
                        .filter(name -> !name.isBlank())
                        .map(Path::of)));
        Settings settings = withInsecure(configured, options.insecureRegistries());
        Engine engine = new Engine(settings, requests, CacheObserver.NONE);
        return new LocalEngine(
                engine.cache(),
                engine.resolver(),
                keyring(settings),
                settings.defaultRegistry(),
                settings.workloads(),
                settings.nodePools(),
                settings.transientTaints(),
                settings.readKarpenter(),
                settings.reviewBudget(),
                settings.policy(),
                settings.unreported(),
                settings.registries());
    }

    private Settings settings(Optional<Path> file) {
        try {
            return file.isPresent() ? configured(file.get()) : defaults();
        } catch (InvalidConfigException | IllegalArgumentException e) {
            throw new StoppedException(ExitCode.USAGE, e.getMessage());
        }
    }

    private Settings configured(Path file) {
        return Settings.of(
                new ConfigLoader(environment).load(Optional.of(file)),
                file.toString(),
                Settings.Place.LOCAL,
                environment);
    }

    /** Without the classes that read configuration files, which take longer to load than most commands run. */
    private Settings defaults() {
        return Settings.local(RegistrySettings.DEFAULT.withProxies(Proxies.from(environment)));
    }

    private static Settings withInsecure(Settings settings, List<String> hosts) {
        List<RegistryRule> rules = new ArrayList<>();
        hosts.forEach(host -> rules.add(RegistryRule.of(host).withInsecure(true)));
        rules.addAll(settings.registries().rules());
        return settings.withRegistries(settings.registries().withRules(rules.toArray(RegistryRule[]::new)));
    }

    private Keyring keyring(Settings settings) {
        try {
            Keyring logins = DockerConfig.load(environment, home);
            if (settings.credentialHelpers().isEmpty()
                    && settings.cloudCredentials().isOff()) {
                return logins;
            }
            CredentialProvider cloud = settings.cloudCredentials().isOff()
                    ? CredentialProvider.NONE
                    : CloudCredentials.ofCommand(settings.cloudCredentials(), environment, settings.registries());
            return LocalCredentials.of(logins, cloud, settings.credentialHelpers(), environment.get("PATH"));
        } catch (InvalidDockerConfigException | IllegalArgumentException e) {
            throw new StoppedException(ExitCode.USAGE, e.getMessage());
        }
    }
}
