package dev.stowage.cli.serve;

import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.StoppedException;
import dev.stowage.config.InvalidConfigException;
import dev.stowage.serve.CertificateSources;
import dev.stowage.serve.ServeApplication;
import dev.stowage.serve.ServeConfig;
import dev.stowage.tls.InvalidPemException;
import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code stowage serve}: the webhook. The only command that starts Quarkus. */
@Command(
        name = ServeCommand.NAME,
        description = {
            "Runs the admission webhook; stops on SIGTERM or Ctrl-C, after the reviews in progress.",
            "Its configuration is the YAML file that the environment variable STOWAGE_CONFIG names; see docs/configuration.md."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  stowage serve", "  stowage serve --print-ca"})
public final class ServeCommand implements Callable<Integer> {

    public static final String NAME = "serve";

    @Option(
            names = ServeApplication.PRINT_CA,
            description = "Print the certificate of Stowage's own authority once the webhook listens.")
    private boolean printCa;

    @Option(
            names = ServeApplication.WARM_UP_ONLY,
            hidden = true,
            description = "End after the warm-up, which then needs neither cluster nor registry: trains an AOT cache.")
    private boolean warmUpOnly;

    /** Does not return: Quarkus ends the process with the application's exit code. */
    @Override
    public Integer call() {
        FileDescriptorLimit.requireEnoughToServe();
        configuration().configureServer();
        List<String> args = new ArrayList<>();
        if (printCa) {
            args.add(ServeApplication.PRINT_CA);
        }
        if (warmUpOnly) {
            args.add(ServeApplication.WARM_UP_ONLY);
        }
        Quarkus.run(ServeApplication.class, args.toArray(String[]::new));
        return ExitCode.RUNS;
    }

    /** Before Quarkus starts, so that a wrong configuration is a sentence and not a stack trace. */
    private static ServeConfig configuration() {
        try {
            ServeConfig config = ServeConfig.load(System.getenv());
            CertificateSources.check(config.settings().tls());
            return config;
        } catch (InvalidConfigException e) {
            throw new StoppedException(ExitCode.USAGE, e.getMessage());
        } catch (IOException | InvalidPemException e) {
            throw new StoppedException(ExitCode.DOES_NOT_RUN, "cannot serve: the certificate: " + e.getMessage());
        }
    }
}
