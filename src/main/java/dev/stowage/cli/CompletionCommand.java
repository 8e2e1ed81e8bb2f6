package dev.stowage.cli;

import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.Terminal;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stowage completion}: a script that makes shells complete commands and options. */
@Command(
        name = "completion",
        description = "Prints a script that completes stowage's commands and options.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(stowage completion bash)",
            "  stowage completion zsh > ~/.zsh/stowage.zsh",
            "  stowage completion fish > ~/.config/fish/completions/stowage.fish",
            "  stowage completion powershell | Out-String | Invoke-Expression"
        })
final class CompletionCommand implements Callable<Integer> {

    /** The shells; zsh reads bash's script through its own bashcompinit, which the script starts. */
    enum Shell {
        BASH,
        ZSH,
        FISH,
        POWERSHELL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", arity = "1", description = "One of ${COMPLETION-CANDIDATES}.")
    private Shell shell;

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        CommandLine commands = spec.root().commandLine();
        terminal.out()
                .print(
                        switch (shell) {
                            case BASH, ZSH -> AutoComplete.bash("stowage", commands);
                            case FISH -> FishCompletion.of(commands);
                            case POWERSHELL -> PowerShellCompletion.of(commands);
                        });
        terminal.out().flush();
        return ExitCode.RUNS;
    }
}
