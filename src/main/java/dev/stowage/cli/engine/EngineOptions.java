package dev.stowage.cli.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of every command that reads from registries. */
public final class EngineOptions {

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "How long the command may take; what is not known by then is undetermined"
                    + " (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

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

    /** How long the command may take. */
    public Duration timeout() {
        return timeout;
    }

    /** The configuration file that was named, by option. */
    Optional<Path> config() {
        return Optional.ofNullable(config);
    }

    /** Registries, {@code host[:port]}, that are contacted by plain HTTP. */
    List<String> insecureRegistries() {
        return List.copyOf(insecureRegistries);
    }
}
