package dev.stowage.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** A script for PowerShell that completes commands, options and their values. */
final class PowerShellCompletion {

    private PowerShellCompletion() {}

    /** The script for these commands. */
    static String of(CommandLine root) {
        List<String> commands = new ArrayList<>();
        List<String> values = new ArrayList<>();
        root.getSubcommands().forEach((command, spec) -> {
            List<String> options = new ArrayList<>();
            for (OptionSpec option : spec.getCommandSpec().options()) {
                if (!option.hidden()) {
                    options.addAll(List.of(option.names()));
                    values(command, option, values);
                }
            }
            commands.add("        '" + command + "' = @(" + list(options) + ")");
        });
        return """
                Register-ArgumentCompleter -Native -CommandName NAME -ScriptBlock {
                    param($word, $ast, $position)
                    $options = [ordered]@{
                COMMANDS
                    }
                    $values = @{
                VALUES
                    }
                    $words = @($ast.CommandElements | ForEach-Object { $_.ToString() })
                    $command = $words | Select-Object -Skip 1 | Where-Object { $options.Contains($_) } | Select-Object -First 1
                    $before = if ($word -eq '') { $words[-1] } elseif ($words.Count -gt 1) { $words[-2] } else { '' }
                    $candidates = if (-not $command) { $options.Keys }
                        elseif ($values.ContainsKey("$command $before")) { $values["$command $before"] }
                        else { $options[$command] }
                    $candidates | Where-Object { $_ -like "$word*" } | ForEach-Object {
                        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                    }
                }
                """.replace("NAME", root.getCommandName())
                .replace("COMMANDS", String.join("\n", commands))
                .replace("VALUES", String.join("\n", values));
    }

    private static void values(String command, OptionSpec option, List<String> lines) {
        if (option.completionCandidates() == null) {
            return;
        }
        List<String> candidates = StreamSupport.stream(
                        option.completionCandidates().spliterator(), false)
                .toList();
        for (String name : option.names()) {
            lines.add("        '" + command + " " + name + "' = @(" + list(candidates) + ")");
        }
    }

    private static String list(List<String> words) {
        return words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(", "));
    }
}
