package dev.stowage.config;

import dev.stowage.config.Converters.Port;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The server of the webhook. */
public interface ServerConfig {

    /** The address to listen on. */
    @WithDefault("0.0.0.0")
    String host();

    /** The port of the webhook (https); 0 for any free one. */
    @WithDefault("8443")
    @WithConverter(Port.class)
    int port();

    /** How long it continues to serve after the signal to stop, until the cluster has removed it from its endpoints. */
    @WithDefault("5s")
    Duration drainDelay();

    /** How long reviews in progress may take after that. */
    @WithDefault("10s")
    Duration drainTimeout();
}
