package dev.stowage.serve;

import dev.stowage.config.ConfigLoader;
import dev.stowage.config.InvalidConfigException;
import dev.stowage.config.ServerConfig;
import dev.stowage.config.Settings;
import dev.stowage.config.StowageConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration of a webhook, read once, at the start.
 *
 * @param config every key as it was written
 * @param settings the settings of the features
 */
public record ServeConfig(StowageConfig config, Settings settings) {

    /**
     * Reads the file that the environment names ({@link ConfigLoader#VARIABLE}); without one the defaults apply.
     *
     * @throws InvalidConfigException when it cannot be used; the message names every problem
     */
    public static ServeConfig load(Map<String, String> environment) {
        Optional<Path> file = Optional.ofNullable(environment.get(ConfigLoader.VARIABLE))
                .filter(name -> !name.isBlank())
                .map(Path::of);
        StowageConfig config = new ConfigLoader(environment).load(file);
        String source = file.map(Path::toString).orElse("the environment");
        return new ServeConfig(config, Settings.of(config, source, Settings.Place.CLUSTER, environment));
    }

    /** Hands {@code server.*} to Quarkus, whose server it is; to be called before Quarkus starts. */
    public void configureServer() {
        ServerConfig server = config.server();
        System.setProperty("quarkus.http.host", server.host());
        System.setProperty("quarkus.http.ssl-port", String.valueOf(server.port()));
        System.setProperty("quarkus.shutdown.delay", server.drainDelay().toString());
        System.setProperty("quarkus.shutdown.timeout", server.drainTimeout().toString());
    }
}
