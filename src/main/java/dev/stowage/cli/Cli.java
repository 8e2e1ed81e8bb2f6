package dev.stowage.cli;

import dev.stowage.cli.check.CheckCommand;
import dev.stowage.cli.engine.EngineFactory;
import dev.stowage.cli.inspect.InspectCommand;
import dev.stowage.cli.merge.MergeCommand;
import dev.stowage.cli.output.Durations;
import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.StoppedException;
import dev.stowage.cli.output.Terminal;
import dev.stowage.cli.output.Version;
import dev.stowage.cli.probe.ProbeCommand;
import dev.stowage.cli.report.ReportCommand;
import dev.stowage.cli.scan.ScanCommand;
import dev.stowage.cli.serve.FileDescriptorLimit;
import dev.stowage.cli.serve.ServeCommand;
import dev.stowage.image.Printable;
import java.time.Duration;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The commands, put together, with what they share: help, version, and the messages of failures. */
final class Cli {

    private final Terminal terminal;
    private final CommandLine commands;

    /**
     * @param terminal the streams of the commands
     * @param engines creates their engine
     */
    Cli(Terminal terminal, EngineFactory engines) {
        this(
                terminal,
                new CheckCommand(terminal, engines, Version.current()),
                new InspectCommand(terminal, engines),
                new MergeCommand(terminal, engines),
                new ProbeCommand(terminal),
                new ReportCommand(terminal),
                new ScanCommand(terminal, engines),
                new ServeCommand(),
                new CompletionCommand(terminal));
    }

    private Cli(Terminal terminal, Object... subcommands) {
        this.terminal = Objects.requireNonNull(terminal, "terminal");
        String version = Version.current();
        this.commands = new CommandLine(new StowageCommand());
        for (Object subcommand : subcommands) {
            commands.addSubcommand(subcommand);
        }
        for (CommandLine command : commands.getSubcommands().values()) {
            command.registerConverter(Duration.class, Durations::parse);
        }
        commands.setOut(terminal.out());
        commands.setErr(terminal.err());
        commands.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF));
        commands.setUsageHelpWidth(Math.min(100, Math.max(60, terminal.width())));
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        // arguments may come from others: a list of images, or of the files of a commit
        commands.setExpandAtFiles(false);
        commands.setParameterExceptionHandler(this::badUsage);
        commands.setExecutionExceptionHandler(this::stopped);
        commands.getCommandSpec().version("stowage " + version);
        withStandardOptions(commands);
        commands.getSubcommands().values().forEach(Cli::withStandardOptions);
    }

    /** Only for {@code serve}: its start does not wait until picocli has read all the others. */
    static Cli serving(Terminal terminal) {
        return new Cli(terminal, new ServeCommand());
    }

    private static void withStandardOptions(CommandLine command) {
        command.getCommandSpec().mixinStandardHelpOptions(true);
        command.getCommandSpec().versionProvider(() -> new String[] {"stowage " + Version.current()});
    }

    /** The commands as picocli knows them. */
    CommandLine commands() {
        return commands;
    }

    /** Runs a command. */
    int run(String... args) {
        int code = commands.execute(args);
        terminal.out().flush();
        terminal.err().flush();
        return code;
    }

    /** Cause, suggestion, synopsis: what a person who mistyped needs, and not the whole help. */
    private int badUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        terminal.err().println("stowage: " + cause(e));
        UnmatchedArgumentException.printSuggestions(e, terminal.err());
        terminal.err().print(command.getHelp().fullSynopsis());
        terminal.err().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        terminal.err().flush();
        return ExitCode.USAGE;
    }

    private static String cause(ParameterException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("bad usage");
    }

    private int stopped(Exception e, CommandLine command, ParseResult parsed) {
        if (e instanceof StoppedException stopped) {
            stopped.getMessage().lines().forEach(line -> terminal.note("stowage: " + line));
            return stopped.exitCode();
        }
        if (FileDescriptorLimit.ranOut(e)) {
            terminal.note("stowage: " + FileDescriptorLimit.TOO_FEW);
            return ExitCode.FAULT;
        }
        terminal.note("stowage: internal error, please report it: "
                + e.getClass().getName() + ": " + Printable.of(String.valueOf(e.getMessage())) + " at "
                + (e.getStackTrace().length > 0 ? e.getStackTrace()[0] : "an unknown place"));
        return ExitCode.FAULT;
    }
}
