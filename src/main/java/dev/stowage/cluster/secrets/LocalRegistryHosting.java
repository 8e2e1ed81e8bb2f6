package dev.stowage.cluster.secrets;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.stowage.async.DaemonThreads;
import dev.stowage.async.Deadline;
import dev.stowage.async.FairQueue;
import dev.stowage.image.Printable;
import dev.stowage.kube.KubeClients;
import dev.stowage.kube.ObjectName;
import dev.stowage.log.ThrottledLog;
import dev.stowage.registry.LocalRegistries;
import dev.stowage.registry.net.Authority;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.lang.System.Logger;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Function;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The address of a local registry, from the ConfigMap in which clusters for development announce it (KEP-1755):
 * {@code kube-public/local-registry-hosting}, which only administrators of a cluster may write. It is read when an image names a
 * registry on loopback, and serves for such names alone: no other registry can be replaced by it.
 */
public final class LocalRegistryHosting implements LocalRegistries, AutoCloseable {

    /** Where clusters announce a local registry. */
    static final ObjectName CONFIG_MAP = new ObjectName("kube-public", "local-registry-hosting");

    static final String KEY = "localRegistryHosting.v1";

    private static final int LONGEST = 16 * 1024;
    private static final Duration TTL = Duration.ofMinutes(1);
    private static final FairQueue.Limits READS = new FairQueue.Limits(1, 1, 10, 10);
    private static final Logger LOG = System.getLogger(LocalRegistryHosting.class.getName());

    /**
     * What is announced.
     *
     * @param host the registry as users write it
     * @param hostFromContainerRuntime the registry as nodes reach it; empty when it is not said
     * @param hostFromClusterNetwork the registry as pods reach it
     */
    private record Hosting(String host, String hostFromContainerRuntime, String hostFromClusterNetwork) {

        boolean means(String registry) {
            return Stream.of(host, hostFromContainerRuntime).anyMatch(announced -> same(announced, registry));
        }

        /** All names of the loopback interface are one; its ports are not. */
        private static boolean same(String announced, String registry) {
            String here = Authority.hostOf(announced);
            String there = Authority.hostOf(registry);
            boolean samePort = announced.substring(here.length()).equals(registry.substring(there.length()));
            return Authority.isLoopback(here)
                    ? samePort && Authority.isLoopback(there)
                    : here.endsWith(".localhost") && samePort && here.equalsIgnoreCase(there);
        }
    }

    private final ThreadPoolExecutor executor = DaemonThreads.pool("local-registry", 1, 1);
    private final ThrottledLog log = new ThrottledLog(LOG, "local registry", Clock.systemUTC());
    private final ObjectCache<Hosting> announced;

    /** @param client the cluster; stays the caller's to close */
    public LocalRegistryHosting(KubernetesClient client) {
        this(reader(KubeClients.withTimeout(client, Duration.ofSeconds(5), 1)), Ticker.systemTicker());
    }

    LocalRegistryHosting(Function<ObjectName, Optional<ConfigMap>> api, Ticker ticker) {
        this.announced = new ObjectCache<>(
                "ConfigMap",
                "configmaps",
                name -> api.apply(name).flatMap(this::read),
                hosting -> LONGEST,
                TTL,
                LONGEST * 10L,
                new FairQueue(READS),
                executor,
                ticker,
                trouble -> log.report("reads", trouble));
    }

    private static Function<ObjectName, Optional<ConfigMap>> reader(KubernetesClient client) {
        return name -> Optional.ofNullable(client.configMaps()
                .inNamespace(name.namespace())
                .withName(name.name())
                .get());
    }

    @Override
    public CompletableFuture<Optional<String>> addressOf(String registry, Deadline deadline) {
        return announced.get(CONFIG_MAP, deadline).thenApply(result -> result.value()
                .filter(hosting -> hosting.means(registry.toLowerCase(Locale.ROOT)))
                .map(Hosting::hostFromClusterNetwork));
    }

    private Optional<Hosting> read(ConfigMap map) {
        String text =
                Optional.ofNullable(map.getData()).map(data -> data.get(KEY)).orElse("");
        try {
            return parse(text);
        } catch (IllegalArgumentException e) {
            log.report(
                    "values",
                    "ConfigMap " + CONFIG_MAP.namespace() + "/" + CONFIG_MAP.name() + " has no effect: "
                            + e.getMessage());
            return Optional.empty();
        }
    }

    /** @throws IllegalArgumentException when it is not what KEP-1755 describes; the message says what is wrong */
    private static Optional<Hosting> parse(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException(KEY + " is longer than " + LONGEST + " characters");
        }
        Object read;
        try {
            read = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        } catch (YAMLException e) {
            throw new IllegalArgumentException(KEY + " is not valid YAML", e);
        }
        if (read == null) {
            return Optional.empty();
        }
        if (!(read instanceof Map<?, ?> values)) {
            throw new IllegalArgumentException(KEY + " is not a mapping");
        }
        String inside = host(values, "hostFromClusterNetwork");
        if (Authority.isLoopback(Authority.hostOf(inside))) {
            throw new IllegalArgumentException("hostFromClusterNetwork is a loopback address: " + inside);
        }
        return inside.isEmpty()
                ? Optional.empty()
                : Optional.of(new Hosting(host(values, "host"), host(values, "hostFromContainerRuntime"), inside));
    }

    private static String host(Map<?, ?> values, String name) {
        Object value = values.get(name);
        String text = value == null ? "" : value.toString().strip();
        if (!text.isEmpty() && !Authority.isValid(text)) {
            throw new IllegalArgumentException(
                    name + " is not a host with or without a port: \"" + Printable.of(text) + "\"");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
