package dev.stowage.serve;

import java.time.Duration;
import java.util.Objects;

/**
 * How the webhook's server listens and ends.
 *
 * @param host the address to listen on, {@code 0.0.0.0} for all
 * @param port the port; 0 for any free one
 * @param eventLoops how many event loops share the connections, at least 1
 * @param drainDelay how long the server goes on as before once it is told to end, while the cluster takes it off its lists
 * @param drainTimeout how long requests under way may then take until they are cut off
 */
public record ServerSettings(String host, int port, int eventLoops, Duration drainDelay, Duration drainTimeout) {

    /** All addresses, port 8443, an event loop a processor; 5 s until it drains, 10 s (the hook's timeout) to drain. */
    public static final ServerSettings DEFAULT = new ServerSettings(
            "0.0.0.0", 8443, Runtime.getRuntime().availableProcessors(), Duration.ofSeconds(5), Duration.ofSeconds(10));

    public ServerSettings {
        Objects.requireNonNull(host, "host");
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("no port: " + port);
        }
        if (eventLoops < 1) {
            throw new IllegalArgumentException("at least one event loop, not " + eventLoops);
        }
        if (drainDelay.isNegative() || drainTimeout.isNegative()) {
            throw new IllegalArgumentException("a negative time to drain");
        }
    }

    /** Loopback, any free port, and no delay at the end: for a demonstration or a test. */
    public static ServerSettings local() {
        return new ServerSettings("127.0.0.1", 0, 1, Duration.ZERO, Duration.ofSeconds(10));
    }
}
