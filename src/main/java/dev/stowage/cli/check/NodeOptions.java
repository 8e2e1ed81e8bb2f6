package dev.stowage.cli.check;

import dev.stowage.admission.TemplateDefaults;
import dev.stowage.cli.cluster.ClusterNodeSource;
import dev.stowage.cli.cluster.ClusterSnapshot;
import dev.stowage.cli.engine.LocalEngine;
import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.StoppedException;
import dev.stowage.cli.output.Terminal;
import dev.stowage.image.Printable;
import dev.stowage.kube.ClusterUnavailableException;
import dev.stowage.node.NodeFacts;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say for which nodes images are checked. */
final class NodeOptions {

    private static final List<Platform> USUAL = List.of(Platform.of("linux", "amd64"), Platform.of("linux", "arm64"));

    @Option(
            names = "--platform",
            paramLabel = "P",
            split = ",",
            description = "A platform to check for, os/arch[/variant]; may be repeated."
                    + " For manifests, only those that a pod may be scheduled on count.")
    private List<String> platforms = new ArrayList<>();

    @Option(
            names = "--runtime",
            paramLabel = "R",
            description =
                    "The container runtime on these platforms: containerd (the newest; the default), containerd-1,"
                            + " containerd-2.0, containerd-2.1, containerd-2.3, containerd-local, docker or cri-o.")
    private String runtime;

    @Option(
            names = "--context",
            paramLabel = "C",
            description = "Check for the nodes of the cluster of this kubeconfig context, instead of --platform.")
    private String context;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "The kubeconfig to take the context from (default: $$KUBECONFIG, else ~/.kube/config).")
    private Path kubeconfig;

    private List<Platform> parsedPlatforms = List.of();
    private RuntimeFamily parsedRuntime = RuntimeFamily.CONTAINERD_2_3;

    /**
     * Reads the options' values.
     *
     * @throws ParameterException when one is not usable or two contradict
     */
    void validate(CommandLine command) {
        if (ofCluster() && !(platforms.isEmpty() && runtime == null)) {
            throw new ParameterException(
                    command,
                    "--context and --kubeconfig take platforms and runtimes from the cluster's nodes;"
                            + " leave out --platform and --runtime, or the others");
        }
        try {
            parsedRuntime = runtime == null ? RuntimeFamily.CONTAINERD_2_3 : RuntimeFamily.named(runtime);
            parsedPlatforms = platforms.stream().map(Platform::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command, e.getMessage());
        }
    }

    private boolean ofCluster() {
        return context != null || kubeconfig != null;
    }

    /**
     * The nodes to check for: those of a cluster, with the pools that an autoscaler could add to them; or the platforms that
     * were named; or, where none were, the declared pools; or the usual platforms.
     *
     * @param engine has the node pools and transient taints that the configuration declares
     * @param terminal is notified of assumptions
     * @param timeout the timeout of requests to the cluster
     * @throws StoppedException when a cluster was named that cannot be reached
     */
    CheckedNodes nodes(LocalEngine engine, Terminal terminal, Duration timeout) {
        List<NodeFacts> pools = engine.nodePools();
        if (ofCluster()) {
            ClusterSnapshot cluster = snapshot(engine, timeout);
            if (!cluster.unread().isEmpty()) {
                terminal.note("stowage: the cluster's " + String.join(" and ", cluster.unread())
                        + " cannot be listed (permission \"list\" missing?): what they add to pods is left out");
            }
            List<NodeFacts> nodes = new ArrayList<>(cluster.nodes());
            nodes.addAll(pools);
            return new CheckedNodes(
                    nodes,
                    true,
                    pools.isEmpty() ? "the cluster's nodes" : "the cluster's nodes and the configuration's node pools",
                    cluster.defaults());
        }
        if (parsedPlatforms.isEmpty() && runtime == null && !pools.isEmpty()) {
            terminal.note("stowage: no platform given: checking for the configuration's node pools "
                    + String.join(", ", pools.stream().map(NodeOptions::named).toList())
                    + " (--platform or --context choose others)");
            return new CheckedNodes(pools, true, "the configuration's node pools", TemplateDefaults.NONE);
        }
        if (parsedPlatforms.isEmpty()) {
            terminal.note("stowage: no platform given: checking for linux/amd64 and linux/arm64"
                    + " (--platform or --context choose others)");
        }
        List<Platform> chosen = parsedPlatforms.isEmpty() ? USUAL : parsedPlatforms;
        return new CheckedNodes(
                PlatformPools.of(new LinkedHashSet<>(chosen), parsedRuntime),
                false,
                "the requested platforms",
                TemplateDefaults.NONE);
    }

    private static String named(NodeFacts pool) {
        return Printable.of(pool.name())
                + pool.profile().map(profile -> " (" + profile.platform() + ")").orElse("");
    }

    private ClusterSnapshot snapshot(LocalEngine engine, Duration timeout) {
        ClusterSnapshot cluster;
        try {
            cluster = ClusterNodeSource.read(
                    Optional.ofNullable(context),
                    Optional.ofNullable(kubeconfig),
                    engine.transientTaints(),
                    engine.readKarpenter(),
                    timeout);
        } catch (ClusterUnavailableException e) {
            throw new StoppedException(e.wasContacted() ? ExitCode.UNDETERMINED : ExitCode.USAGE, e.getMessage());
        }
        if (cluster.nodes().stream().allMatch(node -> node.profile().isEmpty())) {
            throw new StoppedException(
                    ExitCode.UNDETERMINED,
                    "the cluster has no nodes that report their platform; name some with --platform");
        }
        return cluster;
    }
}
