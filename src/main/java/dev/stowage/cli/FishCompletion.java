package dev.stowage.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** A script for fish that completes commands, options and their values; picocli has one for bash and zsh only. */
final class FishCompletion {

    private FishCompletion() {}

    /** The script for these commands. */
    static String of(CommandLine root) {
        String name = root.getCommandName();
        Map<String, CommandLine> commands = root.getSubcommands();
        List<String> lines = new ArrayList<>();
        lines.add("complete -c " + name + " -f");
        commands.forEach((command, spec) -> lines.add("complete -c " + name + " -n __fish_use_subcommand -a " + command
                + " -d " + quoted(description(spec))));
        commands.forEach((command, spec) -> {
            String condition = "complete -c " + name + " -n '__fish_seen_subcommand_from " + command + "'";
            spec.getCommandSpec().options().stream()
                    .filter(option -> !option.hidden())
                    .forEach(option -> lines.add(condition + option(option)));
            spec.getCommandSpec().positionalParameters().forEach(positional -> {
                if (positional.completionCandidates() != null) {
                    lines.add(condition + " -a " + quoted(String.join(" ", positional.completionCandidates())));
                }
            });
        });
        return String.join("\n", lines) + "\n";
    }

    private static String option(OptionSpec option) {
        StringBuilder text = new StringBuilder();
        for (String name : option.names()) {
            text.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
        }
        if (option.arity().max() > 0) {
            text.append(takesFile(option) ? " -r -F" : " -x");
        }
        if (option.completionCandidates() != null) {
            text.append(" -a ").append(quoted(String.join(" ", option.completionCandidates())));
        }
        return text + " -d " + quoted(firstLine(option.description()));
    }

    private static boolean takesFile(OptionSpec option) {
        return option.paramLabel().contains("FILE");
    }

    private static String description(CommandLine command) {
        return firstLine(command.getCommandSpec().usageMessage().description());
    }

    private static String firstLine(String... lines) {
        return lines.length == 0 ? "" : lines[0].replaceAll("[\\n\\r]+", " ").replaceFirst(" \\(.*|[.:;] .*|\\.$", "");
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
