package dev.stowage.apiserver;

import dev.stowage.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real component of the control plane, run against the shared API server until it is closed. */
public final class ControlPlane implements AutoCloseable {

    private final Process process;
    private final Path folder;

    private ControlPlane(Process process, Path folder) {
        this.process = process;
        this.folder = folder;
    }

    /**
     * Starts a component. The test is annotated with {@link dev.stowage.testing.RequiresProgram}.
     *
     * @param component the program: {@code kube-scheduler}
     * @param arguments its arguments besides the address of the API server
     */
    public static ControlPlane start(ApiServer server, String component, String... arguments) throws IOException {
        Path program = Program.named(component).file();
        Path folder = Files.createTempDirectory("stowage-" + component);
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--kubeconfig=" + kubeconfig,
                "--leader-elect=false",
                // nobody asks it anything, and its ports would be taken twice
                "--secure-port=0",
                "--kube-api-qps=500",
                "--kube-api-burst=1000"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        return new ControlPlane(process, folder);
    }

    /** What it said last, for the message of a test that waited for it in vain. */
    public String lastWords() {
        try {
            List<String> lines = Files.readAllLines(folder.resolve("log"));
            String state = process.isAlive() ? "runs" : "ended with " + process.exitValue();
            return "it " + state + "; "
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws Exception {
        process.destroyForcibly();
        process.waitFor(20, TimeUnit.SECONDS);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
