package dev.stowage.cli.scan;

import dev.stowage.cli.check.FailOn;
import dev.stowage.cli.cluster.KubeconfigOptions;
import dev.stowage.cli.cluster.ScannedCluster;
import dev.stowage.cli.engine.EngineFactory;
import dev.stowage.cli.engine.LocalEngine;
import dev.stowage.cli.engine.RegistryOptions;
import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.OutputFile;
import dev.stowage.cli.output.StoppedException;
import dev.stowage.cli.output.Terminal;
import dev.stowage.kube.ClusterUnavailableException;
import dev.stowage.platform.Platform;
import dev.stowage.platform.RuntimeFamily;
import dev.stowage.verdict.Assessor.Verification;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code stowage scan}: what runs in a cluster, and what keeps a platform out, with nothing installed there. */
@Command(
        name = "scan",
        description = {
            "Scans a cluster with the rights of your kubeconfig, with nothing installed there: which images its workloads use, whether"
                    + " they run on its nodes or on the given platforms, and what keeps a platform out.",
            "",
            "Exit code: 0 all run, 1 something does not, 2 something could not be determined (see --fail-on), 64 bad usage,"
                    + " 130 ended by Ctrl-C, after what is known was written."
        },
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  stowage scan",
            "  stowage scan --platform linux/arm64       what keeps us from adding arm64 nodes?",
            "  stowage scan --context prod -n shop -o csv > shop.csv",
            "  stowage scan --cache scan.cache --output-file json=scan.json"
        })
public final class ScanCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final EngineFactory engines;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--platform",
            paramLabel = "P",
            split = ",",
            description =
                    "Check for this platform, os/arch[/variant], instead of those of the cluster's nodes; may be repeated."
                            + " Images whose pods may not be scheduled there are left out.")
    private List<String> platforms = new ArrayList<>();

    @Option(
            names = "--runtime",
            paramLabel = "R",
            description =
                    "The container runtime on the platforms of --platform, as in check (default: the newest containerd).")
    private String runtime;

    @Mixin
    private KubeconfigOptions cluster;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            description = "Only this namespace.")
    private String namespace;

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "All namespaces but kube-system, which is the default.")
    private boolean allNamespaces;

    @Option(
            names = {"-l", "--selector"},
            paramLabel = "SEL",
            description = "Only pods and workloads whose own labels match, such as app=web,tier!=cache.")
    private String selector;

    @Option(
            names = "--verify",
            description =
                    "Also read the manifests and configs that an index names, as the operator does: more requests for each image.")
    private boolean verify;

    @Option(
            names = "--pull-secrets",
            description =
                    "Also use the pull secrets of the workloads, before your own logins; needs the permission to get them.")
    private boolean pullSecrets;

    @Option(
            names = "--cache",
            paramLabel = "FILE",
            description = "Keep what is known of images in this file, and continue from it.")
    private Path cache;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long a request to the API server, or one image, may take (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private ScanFormat format;

    @Option(
            names = "--output-file",
            paramLabel = "FORMAT=FILE",
            description = "Also write the result in this format to this file; once for each format.")
    private Map<ScanFormat, Path> outputFiles = new LinkedHashMap<>();

    @Option(
            names = "--fail-on",
            paramLabel = "VERDICT",
            defaultValue = "undetermined",
            description = "The verdicts that make the exit code other than 0: does-not-run, or undetermined for both"
                    + " (default: ${DEFAULT-VALUE}).")
    private FailOn failOn;

    @Mixin
    private RegistryOptions registryOptions;

    public ScanCommand(Terminal terminal, EngineFactory engines) {
        this.terminal = terminal;
        this.engines = engines;
    }

    @Override
    public Integer call() {
        ScanRun.Settings settings = settings();
        HostLimits limits = new HostLimits(System::nanoTime);
        LocalEngine engine = engines.open(registryOptions, limits);
        List<String> notes = new CopyOnWriteArrayList<>();
        Optional<ScanCache> known = Optional.ofNullable(cache)
                .map(file -> ScanCache.read(file, settings.verification(), Clock.systemUTC(), notes));
        try (ScannedCluster scanned =
                        ScannedCluster.connect(cluster.context(), cluster.kubeconfig(), settings.namespace(), timeout);
                Interruption interruption = new Interruption()) {
            ScanRun run = new ScanRun(
                    scanned, engine, limits, known, settings, terminal, interruption, Clock.systemUTC(), notes);
            ScanResult result = run.run();
            run.notes().forEach(note -> terminal.note("stowage: " + note));
            format.write(result, terminal);
            outputFiles.forEach((form, file) -> OutputFile.write(file, terminal, to -> form.write(result, to)));
            return exitCode(result, run.workloadsUnlisted());
        } catch (ClusterUnavailableException e) {
            throw new StoppedException(e.wasContacted() ? ExitCode.UNDETERMINED : ExitCode.USAGE, e.getMessage());
        }
    }

    private ScanRun.Settings settings() {
        if (namespace != null && allNamespaces) {
            throw new ParameterException(spec.commandLine(), "--namespace and --all-namespaces contradict each other");
        }
        if (runtime != null && platforms.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--runtime needs --platform; nodes say theirs themselves");
        }
        try {
            return new ScanRun.Settings(
                    Optional.ofNullable(namespace),
                    Optional.ofNullable(selector),
                    platforms.stream().map(Platform::parse).toList(),
                    runtime == null ? RuntimeFamily.CONTAINERD_2_3 : RuntimeFamily.named(runtime),
                    verify ? Verification.MANIFESTS : Verification.INDEX,
                    pullSecrets,
                    timeout);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    /** What is missing of the workloads is not known to run. */
    private int exitCode(ScanResult result, boolean unlisted) {
        return failOn.exitCode(
                result.rows().stream().anyMatch(ScanRow::doesNotRun),
                unlisted || result.partial() || result.rows().stream().anyMatch(ScanRow::undetermined));
    }
}
