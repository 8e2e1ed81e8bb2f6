package dev.stowage.bench.attack;

import dev.stowage.bench.StandInRegistry;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What an attack finds.
 *
 * @param vertx the attackers' event loops
 * @param port the webhook's
 * @param path where API servers send reviews
 * @param shared the registry that honest tenants use, too
 * @param tokens a registry that demands tokens
 * @param silentPort accepts connections on every loopback address, and never answers
 * @param silentNames whether names that begin with {@code silent-} do not resolve for a long time
 * @param client to the API server, if there is a real one
 * @param answers what attackers get is counted here
 * @param wrong how often they got something that they must not get
 */
record Setting(
        Vertx vertx,
        int port,
        String path,
        StandInRegistry shared,
        StandInRegistry tokens,
        int silentPort,
        boolean silentNames,
        Optional<KubernetesClient> client,
        Tally answers,
        AtomicLong wrong) {}
