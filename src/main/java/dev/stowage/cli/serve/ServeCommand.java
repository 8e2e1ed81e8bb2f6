package dev.stowage.cli.serve;

import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.StoppedException;
import dev.stowage.cli.serve.BindFailure.Listener;
import dev.stowage.config.InvalidConfigException;
import dev.stowage.serve.CertificateSources;
import dev.stowage.serve.ServeApplication;
import dev.stowage.serve.ServeConfig;
import dev.stowage.tls.InvalidPemException;
import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
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

    private static final Logger LOG = System.getLogger(ServeCommand.class.getName());

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
        ServeConfig config = configuration();
        config.configureServer();
        List<String> args = new ArrayList<>();
        if (printCa) {
            args.add(ServeApplication.PRINT_CA);
        }
        if (warmUpOnly) {
            args.add(ServeApplication.WARM_UP_ONLY);
        }
        Quarkus.run(ServeApplication.class, (code, failure) -> end(config, code, failure), args.toArray(String[]::new));
        return ExitCode.RUNS;
    }

    private static void end(ServeConfig config, int code, Throwable failure) {
        if (failure != null) {
            Config quarkus = ConfigProvider.getConfig();
            Optional<String> bind = BindFailure.describe(
                    failure,
                    Listener.webhook(config.config().server()),
                    Listener.management(
                            quarkus.getValue("quarkus.management.host", String.class),
                            quarkus.getValue("quarkus.management.port", Integer.class)));
            if (bind.isPresent()) {
                System.err.println("stowage: " + bind.get());
            } else {
                LOG.log(Level.ERROR, "cannot start", failure);
            }
        }
        System.exit(code);
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
