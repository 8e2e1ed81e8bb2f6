package dev.stowage.cli;

import dev.stowage.cli.engine.LocalEngineFactory;
import dev.stowage.cli.output.Terminal;
import dev.stowage.cli.serve.ServeCommand;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The entry point of everything: the command line. Only {@code serve} starts Quarkus; the other commands answer without its
 * HTTP server and without a Kubernetes client, in the time a Java process needs.
 */
@QuarkusMain
public final class Main {

    private Main() {}

    /** Runs the command that the arguments name and ends the process with its exit code. */
    public static void main(String... args) {
        System.exit(of(args).run(args));
    }

    private static Cli of(String... args) {
        Terminal terminal = Terminal.ofProcess();
        return args.length > 0 && args[0].equals(ServeCommand.NAME)
                ? Cli.serving(terminal)
                : new Cli(terminal, new LocalEngineFactory(System.getenv(), home()));
    }

    /** As Docker does, from the environment first: a user without an entry in passwd, as in OpenShift, has no other. */
    private static Path home() {
        return Path.of(Optional.ofNullable(System.getenv("HOME"))
                .filter(name -> !name.isBlank())
                .orElseGet(() -> System.getProperty("user.home")));
    }
}
