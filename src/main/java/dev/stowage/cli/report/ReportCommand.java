package dev.stowage.cli.report;

import dev.stowage.cli.cluster.KubeconfigClient;
import dev.stowage.cli.cluster.KubeconfigOptions;
import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.ReportFormat;
import dev.stowage.cli.output.StoppedException;
import dev.stowage.cli.output.Terminal;
import dev.stowage.kube.ClusterUnavailableException;
import dev.stowage.platform.Platform;
import dev.stowage.report.api.ImageReport;
import dev.stowage.report.api.ImageReports;
import dev.stowage.report.summary.Cell;
import dev.stowage.report.summary.ClusterSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code stowage report}: what runs in a cluster, on which platforms, and what keeps another one out. */
@Command(
        name = "report",
        description = {
            "Summarizes the ImageReports of a cluster: which image runs on which platform, what is missing, and which workloads are"
                    + " concerns.",
            "",
            "Exit code: 0 all run, 1 something does not, 2 something does not exist or could not be determined, 64 bad usage."
        },
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  stowage report",
            "  stowage report --platform linux/arm64     what keeps us from adding arm64 nodes?",
            "  stowage report --context prod -o html > report.html"
        })
public final class ReportCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--platform",
            paramLabel = "P",
            split = ",",
            description =
                    "Check the images for this platform, os/arch[/variant], instead of those of the cluster's nodes; may be"
                            + " repeated.")
    private List<String> platforms = new ArrayList<>();

    @Mixin
    private KubeconfigOptions cluster;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            description = "Only this namespace.")
    private String namespace;

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "All namespaces, which is the default.")
    private boolean allNamespaces;

    @Option(
            names = "--timeout",
            paramLabel = "T",
            defaultValue = "30s",
            description = "How long the API server may take (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private ReportFormat format;

    public ReportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (namespace != null && allNamespaces) {
            throw new ParameterException(spec.commandLine(), "--namespace and --all-namespaces contradict each other");
        }
        List<Platform> requested = requested();
        List<ImageReport> reports;
        try {
            reports = KubeconfigClient.call(
                    cluster.context(),
                    cluster.kubeconfig(),
                    timeout,
                    "list imagereports",
                    ImageReports.listing(Optional.ofNullable(namespace)));
        } catch (ClusterUnavailableException e) {
            throw new StoppedException(e.wasContacted() ? ExitCode.UNDETERMINED : ExitCode.USAGE, e.getMessage());
        }
        ClusterSummary summary = ClusterSummary.of(reports, requested);
        format.write(summary, cluster.context().orElse(""), Instant.now(), terminal);
        return exitCode(summary);
    }

    private List<Platform> requested() {
        List<Platform> requested = new ArrayList<>();
        for (String text : platforms) {
            try {
                requested.add(Platform.parse(text));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), e.getMessage());
            }
        }
        return requested;
    }

    private static int exitCode(ClusterSummary summary) {
        if (!summary.linesWith(Cell.MISSING).isEmpty()) {
            return ExitCode.DOES_NOT_RUN;
        }
        return summary.linesWith(Cell.UNKNOWN).isEmpty() ? ExitCode.RUNS : ExitCode.UNDETERMINED;
    }
}
