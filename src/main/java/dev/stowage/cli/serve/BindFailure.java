package dev.stowage.cli.serve;

import dev.stowage.async.Causes;
import dev.stowage.config.ServerConfig;
import io.quarkus.runtime.QuarkusBindException;
import java.net.BindException;
import java.util.Locale;
import java.util.Optional;

/** Describes why a port could not be opened, with the setting to change. */
final class BindFailure {

    /**
     * Where a server listens.
     *
     * @param host the address
     * @param port the port
     * @param hostKey the setting of the address
     * @param portKey the setting of the port
     * @param chartKey the value of the chart for the port
     */
    record Listener(String host, int port, String hostKey, String portKey, String chartKey) {

        static Listener webhook(ServerConfig server) {
            return new Listener(server.host(), server.port(), "server.host", "server.port", "ports.webhook");
        }

        static Listener management(String host, int port) {
            return new Listener(host, port, "QUARKUS_MANAGEMENT_HOST", "QUARKUS_MANAGEMENT_PORT", "ports.metrics");
        }
    }

    private BindFailure() {}

    /** The sentence for a failed start; empty if it failed for another reason. */
    static Optional<String> describe(Throwable failure, Listener webhook, Listener management) {
        // Quarkus wraps the failure of the webhook's port only
        boolean ofWebhook = Causes.find(failure, QuarkusBindException.class).isPresent();
        return Causes.find(failure, BindException.class)
                .map(bind -> describe(String.valueOf(bind.getMessage()), ofWebhook ? webhook : management));
    }

    private static String describe(String message, Listener listener) {
        String reason = message.toLowerCase(Locale.ROOT);
        if (reason.contains("assign")) {
            return "cannot listen on " + listener.host() + ": it is not an address of this machine; set "
                    + listener.hostKey() + " to one of its addresses, or to 0.0.0.0 for all";
        }
        if (reason.contains("permission")) {
            return "cannot listen on port " + listener.port() + ": this user may not open it; set " + listener.portKey()
                    + " (Helm: " + listener.chartKey() + ") to a port from 1024";
        }
        return "cannot listen on port " + listener.port()
                + ": another process has it, in hostNetwork any process of the node; set " + listener.portKey()
                + " (Helm: " + listener.chartKey() + ") to a free port";
    }
}
