package dev.stowage.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code stowage} itself, which only leads to its commands. */
@Command(
        name = "stowage",
        synopsisSubcommandLabel = "COMMAND",
        description = "Keeps container images off Kubernetes nodes that cannot run them.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  stowage check nginx:1.27 --platform linux/arm64",
            "  helm template ./chart | stowage check -f -",
            "  stowage inspect nginx:1.27 --explain",
            "",
            "'stowage COMMAND --help' describes a command."
        })
final class StowageCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }
}
