package dev.stowage.integrations;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A script of the repository, run as a process with an environment and a folder of its own. */
final class Script {

    static final String MISSING = "no bash, curl or tar on this machine";

    private static final long PATIENCE_SECONDS = 120;

    /** What came of it. */
    record Result(int code, String out, String err) {}

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();

    /**
     * @param folder the folder that it runs in
     */
    Script(Path folder) {
        this.folder = folder;
        environment.put("PATH", System.getenv("PATH"));
    }

    /** Whether the programs that these scripts run are here. */
    static boolean possible() {
        return Stream.of("bash", "curl", "tar")
                .allMatch(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name))));
    }

    Script with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Puts a folder first in PATH. */
    Script path(Path programs) {
        return with("PATH", programs + File.pathSeparator + environment.get("PATH"));
    }

    /** Runs a file with these arguments, without standard input. */
    Result run(Path file, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("bash", file.toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        return execute(command);
    }

    /** Runs a line of shell code. */
    Result line(String code) throws IOException, InterruptedException {
        return execute(List.of("bash", "-euc", code));
    }

    private Result execute(List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("stowage-script", ".out");
        Path err = Files.createTempFile("stowage-script", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toAbsolutePath().toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError("still runs: " + String.join(" ", command));
            }
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /**
     * Writes a program that records its arguments, writes each --output-file with STUB_BYTES more bytes, prints a line to both streams, and ends
     * with the code in STUB_CODE.
     */
    static Path recorder(Path file, Path record) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, """
                #!/usr/bin/env bash
                printf '%%s\\0' "$@" > '%s'
                for argument; do
                  case $argument in --output-file=*)
                    [ "${STUB_CODE:-0}" = 64 ] || {
                      printf '%%s\\n' "result ${argument#--output-file=}"
                      head -c "${STUB_BYTES:-0}" /dev/zero | tr '\\0' x
                    } > "${argument#--output-file=*=}" ;;
                  esac
                done
                echo "::error::the table"
                echo "stowage: a note" >&2
                exit ${STUB_CODE:-0}
                """.formatted(record));
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("not executable: " + file);
        }
        return file;
    }

    /** The arguments that a recorder was given; empty if it did not run. */
    static List<String> recorded(Path record) throws IOException {
        if (!Files.exists(record)) {
            return List.of();
        }
        try (InputStream in = Files.newInputStream(record)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return List.of(text.split("\0"));
        }
    }
}
