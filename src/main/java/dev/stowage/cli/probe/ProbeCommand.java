package dev.stowage.cli.probe;

import dev.stowage.cli.cluster.KubeconfigClient;
import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.StoppedException;
import dev.stowage.cli.output.Terminal;
import dev.stowage.cli.probe.AdmissionProbe.Result;
import dev.stowage.kube.ClusterUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code stowage probe}: checks whether the API server calls the webhook; {@code helm test} runs it. */
@Command(
        name = "probe",
        description = {
            "Checks whether the API server sends workloads to Stowage before it stores them.",
            "It sends the API server a dry-run request that Stowage denies; nothing is stored."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  stowage probe --namespace default",
            "  stowage probe --context prod",
            "  helm test stowage -n stowage"
        })
public final class ProbeCommand implements Callable<Integer> {

    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Terminal terminal;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "A namespace in mode enforce; default: ${DEFAULT-VALUE}.")
    private String namespace;

    @Option(
            names = "--context",
            paramLabel = "C",
            description = "The kubeconfig's context (default: the current one, or in a pod its own cluster).")
    private String context;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "The kubeconfig (default: $$KUBECONFIG, else ~/.kube/config).")
    private Path kubeconfig;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "30s",
            description =
                    "How long to retry; API servers pick up a new webhook with some delay. Default: ${DEFAULT-VALUE}.")
    private Duration wait;

    public ProbeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (AdmissionProbe probe = probe()) {
            long end = System.nanoTime() + wait.toNanos();
            Result result = probe.run(namespace);
            while (result.kind() != AdmissionProbe.Kind.REFUSED && System.nanoTime() < end) {
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                result = probe.run(namespace);
            }
            return report(result);
        }
    }

    private AdmissionProbe probe() {
        if (context == null && kubeconfig == null) {
            return AdmissionProbe.ofEnvironment(ANSWER);
        }
        try {
            return AdmissionProbe.of(
                    KubeconfigClient.connect(Optional.ofNullable(context), Optional.ofNullable(kubeconfig), ANSWER));
        } catch (ClusterUnavailableException e) {
            throw new StoppedException(ExitCode.USAGE, e.getMessage());
        }
    }

    private int report(Result result) {
        switch (result.kind()) {
            case REFUSED:
                terminal.out()
                        .println("The API server calls Stowage, which denied the test object: " + result.message());
                terminal.out().flush();
                return ExitCode.RUNS;
            case ADMITTED:
                throw new StoppedException(
                        ExitCode.DOES_NOT_RUN,
                        "the API server admitted an object in namespace " + namespace + " that Stowage denies.\n"
                                + "Either it does not call Stowage there (see: kubectl get validatingwebhookconfigurations;"
                                + " kube-system and Stowage's own namespace are left out), or the mode there is not"
                                + " \"enforce\", or it cannot reach the webhook port of Stowage's pods (Helm: ports.webhook)"
                                + " and failurePolicy is Ignore: allow the control plane in firewalls and network policies.");
            case UNREACHABLE:
                throw new StoppedException(
                        ExitCode.DOES_NOT_RUN,
                        "the API server cannot get a response from Stowage: " + result.message() + "\n"
                                + "Are its pods ready, does the control plane reach their webhook port (Helm: ports.webhook),"
                                + " and does caBundle contain the CA of their certificate?");
            default:
                throw new StoppedException(
                        ExitCode.UNDETERMINED,
                        "the API server rejected the test request for a replicationcontroller in namespace " + namespace
                                + ": " + result.message());
        }
    }
}
