package dev.stowage.cli.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say how registries are read. */
public class RegistryOptions {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Stowage's configuration: mirrors, CAs, credentials by registry (default: $$STOWAGE_CONFIG).")
    private Path config;

    @Option(
            names = "--insecure-registry",
            paramLabel = "HOST",
            description = "Use plain HTTP for this registry; may be repeated. Loopback registries always use it.")
    private List<String> insecureRegistries = new ArrayList<>();

    /** The configuration file that was named, by option. */
    final Optional<Path> config() {
        return Optional.ofNullable(config);
    }

    /** Registries, {@code host[:port]}, that are contacted by plain HTTP. */
    final List<String> insecureRegistries() {
        return List.copyOf(insecureRegistries);
    }
}
