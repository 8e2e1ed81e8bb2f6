package dev.stowage.testing;

import dev.stowage.demo.KubeBinaries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** A real program next to the API server's: {@code helm}, {@code kubeconform}. */
public final class Program {

    private static final String FOLDER = "KUBE_BIN";
    private static final String NO_SKIPS = "STOWAGE_NO_SKIPS";
    private static final long PATIENCE_SECONDS = 120;

    private final Path file;

    /**
     * What came of running it.
     *
     * @param code its exit code
     * @param out what it said on both streams
     */
    public record Result(int code, String out) {}

    private Program(Path file) {
        this.file = file;
    }

    /** The program of this name; without it the calling test is skipped and says so. */
    public static Program orSkip(String name) {
        Path home = Path.of(System.getProperty("user.home"));
        Optional<Path> told = Optional.ofNullable(System.getenv(FOLDER)).map(Path::of);
        return Stream.of(
                        told,
                        Optional.of(home.resolve(".cache").resolve("kube-bin")),
                        KubeBinaries.find(System.getenv(), home).map(KubeBinaries::binaries))
                .flatMap(Optional::stream)
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Program::new)
                .orElseThrow(() -> absent(name));
    }

    private static RuntimeException absent(String name) {
        String message = "no " + name + " on this machine: " + FOLDER + " names the folder with one";
        return System.getenv(NO_SKIPS) == null
                ? new TestAbortedException(message)
                : new IllegalStateException(message + "; " + NO_SKIPS + " is set");
    }

    /** Runs it to its end. */
    public Result run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(file.toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("stowage-program", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still runs: " + String.join(" ", command));
            }
            return new Result(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
        } finally {
            Files.delete(out);
        }
    }
}
