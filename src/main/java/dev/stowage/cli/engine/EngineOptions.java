package dev.stowage.cli.engine;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The options of commands that read from registries within a time. */
public final class EngineOptions extends RegistryOptions {

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "How long the command may take; what is not known by then is undetermined"
                    + " (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    /** How long the command may take. */
    public Duration timeout() {
        return timeout;
    }
}
