package dev.stowage.cli.cluster;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that read a whole cluster: which one. */
public final class KubeconfigOptions {

    @Option(names = "--context", paramLabel = "C", description = "The kubeconfig's context (default: the current one).")
    private @Nullable String context;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "The kubeconfig (default: $$KUBECONFIG, else ~/.kube/config).")
    private @Nullable Path kubeconfig;

    /** The context; empty for the current one. */
    public Optional<String> context() {
        return Optional.ofNullable(context);
    }

    /** The file; empty for that of {@code KUBECONFIG} or {@code ~/.kube/config}. */
    public Optional<Path> kubeconfig() {
        return Optional.ofNullable(kubeconfig);
    }
}
