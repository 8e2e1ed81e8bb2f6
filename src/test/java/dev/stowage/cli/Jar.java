package dev.stowage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The application as it is built, run as a process of its own. */
final class Jar {

    static final Path FILE = Path.of("target/quarkus-app/quarkus-run.jar");

    private static final long PATIENCE_SECONDS = 120;

    private final Path folder;

    /**
     * @param folder where its output is kept while it runs
     */
    Jar(Path folder) {
        this.folder = folder;
    }

    static List<String> command(String... args) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", FILE.toString()));
        command.addAll(List.of(args));
        return command;
    }

    /** Runs a command to its end. */
    CommandRun.Result run(String input, String... args) throws IOException, InterruptedException {
        Process process = start(input, command(args));
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still runs after " + PATIENCE_SECONDS + " s: " + String.join(" ", args));
        }
        return result(process);
    }

    Process start(String input, List<String> command) throws IOException {
        assertThat(FILE)
                .as("the application is packaged before integration tests")
                .exists();
        Path in = Files.writeString(folder.resolve("in"), input);
        return new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    /** What a process that has ended left. */
    CommandRun.Result result(Process process) throws IOException {
        return new CommandRun.Result(
                process.exitValue(), Files.readString(folder.resolve("out")), Files.readString(folder.resolve("err")));
    }
}
