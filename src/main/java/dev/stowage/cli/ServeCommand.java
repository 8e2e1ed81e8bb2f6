package dev.stowage.cli;

import dev.stowage.serve.ServeApplication;
import io.quarkus.runtime.Quarkus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code stowage serve}: the webhook. The only command that starts Quarkus. */
@Command(
        name = "serve",
        description = {
            "Runs the admission webhook; ends on SIGTERM or Ctrl-C, after the reviews under way are answered.",
            "It is configured by environment variables and files, as an installation in a cluster does it."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  stowage serve", "  stowage serve --print-ca"})
final class ServeCommand implements Callable<Integer> {

    @Option(
            names = ServeApplication.PRINT_CA,
            description = "Print the certificate of Stowage's own authority once the webhook listens.")
    private boolean printCa;

    /** Does not return: Quarkus ends the process with the application's exit code. */
    @Override
    public Integer call() {
        Quarkus.run(ServeApplication.class, printCa ? new String[] {ServeApplication.PRINT_CA} : new String[0]);
        return ExitCode.RUNS;
    }
}
