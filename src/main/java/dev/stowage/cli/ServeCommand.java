package dev.stowage.cli;

import dev.stowage.config.InvalidConfigException;
import dev.stowage.config.Settings;
import dev.stowage.serve.ConfigFile;
import dev.stowage.serve.ServeApplication;
import io.quarkus.runtime.Quarkus;
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
final class ServeCommand implements Callable<Integer> {

    static final String NAME = "serve";

    @Option(
            names = ServeApplication.PRINT_CA,
            description = "Print the certificate of Stowage's own authority once the webhook listens.")
    private boolean printCa;

    /** Does not return: Quarkus ends the process with the application's exit code. */
    @Override
    public Integer call() {
        OpenFiles.requireEnoughToServe();
        checkConfiguration();
        Quarkus.run(ServeApplication.class, printCa ? new String[] {ServeApplication.PRINT_CA} : new String[0]);
        return ExitCode.RUNS;
    }

    /** Before Quarkus starts, so that a wrong configuration is a sentence and not a stack trace. */
    private static void checkConfiguration() {
        try {
            new ConfigFile(System.getenv(), Settings.Place.CLUSTER);
        } catch (InvalidConfigException e) {
            throw new StoppedException(ExitCode.USAGE, e.getMessage());
        }
    }
}
