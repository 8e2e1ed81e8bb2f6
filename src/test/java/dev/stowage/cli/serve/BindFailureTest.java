package dev.stowage.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.cli.serve.BindFailure.Listener;
import dev.stowage.config.ConfigLoader;
import dev.stowage.config.ServerConfig;
import io.quarkus.runtime.QuarkusBindException;
import java.net.BindException;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BindFailureTest {

    private static final Listener MANAGEMENT = Listener.management("0.0.0.0", 8080);

    private static Listener webhook(int port) {
        ServerConfig server = new ConfigLoader(Map.of())
                .parse("test", "stowage: {server: {port: " + port + "}}")
                .server();
        return Listener.webhook(server);
    }

    @Test
    @DisplayName("a port that needs a privileged user")
    void permission() {
        Throwable failure = new IllegalStateException(
                new QuarkusBindException("0.0.0.0", 443, new BindException("Permission denied")));

        assertThat(BindFailure.describe(failure, webhook(443), MANAGEMENT))
                .contains(
                        "cannot listen on port 443: this user may not open it; set server.port (Helm: ports.webhook) to a"
                                + " port from 1024");
    }

    @Test
    @DisplayName("one port for both")
    void twice() {
        Throwable failure = new IllegalStateException(new BindException("Address already in use"));

        assertThat(BindFailure.describe(failure, webhook(8080), MANAGEMENT))
                .contains("cannot listen on port 8080 twice: set server.port or QUARKUS_MANAGEMENT_PORT"
                        + " (Helm: ports.webhook, ports.metrics) to another port");
    }

    @Test
    @DisplayName("another failure is left to the log")
    void another() {
        assertThat(BindFailure.describe(new IllegalStateException("no"), webhook(8443), MANAGEMENT))
                .isEmpty();
    }
}
