package dev.stowage.registry.credentials;

import dev.stowage.async.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program that provides credentials under a deadline and a bound on its output. Nothing here waits in a read: a process can
 * hand its pipe on to children that outlive it, and a thread that reads from it would then wait for them. What it prints on standard
 * error is discarded, since it may contain a secret.
 */
public final class HelperProcess {

    private static final int MAX_OUTPUT = 64 * 1024;
    private static final long POLL_MILLIS = 3;
    private static final int KILL_ROUNDS = 5;

    /** The end of a run. */
    public enum ExitReason {
        /** It ended by itself, with whatever exit code. */
        EXITED,
        /** The system could not run it. */
        NOT_STARTED,
        /** The deadline passed. */
        KILLED_AT_DEADLINE,
        /** It printed more than 64 KiB. */
        KILLED_FOR_OUTPUT
    }

    /**
     * The result of a run.
     *
     * @param end how it ended
     * @param exitCode the exit code when it exited
     * @param text its standard output when it exited; empty otherwise
     */
    public record Result(ExitReason end, int exitCode, String text) {

        static Result of(ExitReason end) {
            return new Result(end, -1, "");
        }
    }

    private final Process process;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    private HelperProcess(Process process) {
        this.process = process;
    }

    /**
     * Runs a program, without a shell, and waits for its end.
     *
     * @param command the program and its arguments
     * @param environment variables in addition to those of this process
     * @param input its standard input: less than a pipe takes, 16 KiB
     * @param deadline when it is killed, with the processes that it started
     */
    public static Result run(List<String> command, Map<String, String> environment, String input, Deadline deadline) {
        if (deadline.passed()) {
            return Result.of(ExitReason.KILLED_AT_DEADLINE);
        }
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            return Result.of(ExitReason.NOT_STARTED);
        }
        return new HelperProcess(process).exchange(input, deadline);
    }

    private Result exchange(String text, Deadline deadline) {
        try {
            send(text);
            return await(deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Result.of(ExitReason.KILLED_AT_DEADLINE);
        } catch (IOException e) {
            return Result.of(ExitReason.NOT_STARTED);
        } finally {
            kill();
        }
    }

    private void send(String text) {
        try (OutputStream input = process.getOutputStream()) {
            input.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // a helper may exit without reading; its exit code is more useful
        }
    }

    private Result await(Deadline deadline) throws IOException, InterruptedException {
        boolean exited = false;
        while (!exited) {
            exited = process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
            drain();
            if (output.size() > MAX_OUTPUT) {
                return Result.of(ExitReason.KILLED_FOR_OUTPUT);
            }
            if (!exited && deadline.passed()) {
                return Result.of(ExitReason.KILLED_AT_DEADLINE);
            }
        }
        return new Result(ExitReason.EXITED, process.exitValue(), output.toString(StandardCharsets.UTF_8));
    }

    private void drain() throws IOException {
        InputStream stream = process.getInputStream();
        int available = stream.available();
        while (available > 0 && output.size() <= MAX_OUTPUT) {
            byte[] read = new byte[Math.min(available, MAX_OUTPUT)];
            int count = stream.read(read);
            if (count < 0) {
                return;
            }
            output.write(read, 0, count);
            available = stream.available();
        }
    }

    /** Ends the process and all that it started; more than once, since children can start others meanwhile. */
    private void kill() {
        List<ProcessHandle> doomed = new ArrayList<>(process.descendants().toList());
        process.destroyForcibly();
        for (int round = 0; round < KILL_ROUNDS && !doomed.isEmpty(); round++) {
            List<ProcessHandle> more = new ArrayList<>();
            for (ProcessHandle handle : doomed) {
                more.addAll(handle.descendants().toList());
                handle.destroyForcibly();
            }
            doomed = more;
        }
        try {
            process.getInputStream().close();
        } catch (IOException e) {
            // nothing is read from it any more
        }
    }
}
