package dev.stowage.cli.output;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The terminal of a command: its three streams, whether they are interactive, and the settings of the environment for colours and
 * width. What is written is UTF-8, whatever the locale, because JSON is. A closed pipe is silent: the writers keep no exception.
 */
public final class Terminal {

    private static final int USUAL_WIDTH = 80;
    private static final int LEAST_WIDTH = 20;

    private final InputStream in;
    private final OutputStream bytes;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Map<String, String> environment;
    private final boolean outWatched;
    private final boolean errWatched;

    /**
     * @param in standard input
     * @param out standard output
     * @param err standard error
     * @param environment the environment's variables
     * @param outWatched whether standard output is a terminal
     * @param errWatched whether standard error is a terminal
     */
    public Terminal(
            InputStream in,
            OutputStream out,
            OutputStream err,
            Map<String, String> environment,
            boolean outWatched,
            boolean errWatched) {
        this.in = Objects.requireNonNull(in, "in");
        this.bytes = Objects.requireNonNull(out, "out");
        this.out = writer(out);
        this.err = writer(err);
        this.environment = Map.copyOf(environment);
        this.outWatched = outWatched;
        this.errWatched = errWatched;
    }

    /** The streams and environment of this process. */
    public static Terminal ofProcess() {
        return new Terminal(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                System.getenv(),
                isTerminal(1),
                isTerminal(2));
    }

    /** The same with another standard output, which is not a terminal and has lines of any length. */
    public Terminal instead(OutputStream other) {
        return new Terminal(in, other, OutputStream.nullOutputStream(), Map.of(), false, false);
    }

    /** Standard input. */
    public InputStream in() {
        return in;
    }

    /** Standard output; flushed by whoever wrote something whole. */
    public PrintWriter out() {
        return out;
    }

    /** Writes bytes to standard output as they are, at once. */
    public void write(byte[] content) {
        out.flush();
        try {
            bytes.write(content);
            bytes.flush();
        } catch (IOException e) {
            // a reader that went away is not an error
        }
    }

    /** Standard error; flushed by whoever wrote something whole. */
    public PrintWriter err() {
        return err;
    }

    /** A line on standard error, at once. */
    public void note(String line) {
        err.println(line);
        err.flush();
    }

    /** The value of an environment variable; empty when it is not set. */
    public String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    /** Whether a person watches standard error, so that a line that is written over again is read. */
    public boolean showsProgress() {
        return errWatched && !"dumb".equals(variable("TERM"));
    }

    /** Whether standard output shows colours: only a terminal, and not against {@code NO_COLOR} (no-color.org). */
    public boolean colours() {
        return outWatched && variable("NO_COLOR").isEmpty() && !"dumb".equals(variable("TERM"));
    }

    /**
     * The number of columns of standard output: {@code COLUMNS}, else the terminal's own width, else 80; without a terminal
     * lines are as long as they need to be, so that {@code grep} finds a row whole.
     */
    public int width() {
        String columns = variable("COLUMNS");
        if (columns.matches("[1-9][0-9]{0,5}")) {
            return Math.max(LEAST_WIDTH, Integer.parseInt(columns));
        }
        return outWatched ? Math.max(LEAST_WIDTH, ownWidth()) : Integer.MAX_VALUE;
    }

    /** Shells keep COLUMNS to themselves, so the terminal is queried. */
    private static int ownWidth() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Path.of("/dev/tty").toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (stty.waitFor(500, TimeUnit.MILLISECONDS)) {
                String[] size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                        .trim()
                        .split(" ");
                int columns = size.length == 2 ? Integer.parseInt(size[1]) : 0;
                return columns > 0 ? columns : USUAL_WIDTH;
            }
            stty.destroy();
        } catch (IOException | NumberFormatException e) {
            return USUAL_WIDTH;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return USUAL_WIDTH;
    }

    /** Java knows only whether input and output both are terminals; Linux says it of each. */
    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null && Runtime.version().feature() < 22;
        }
    }

    private static PrintWriter writer(OutputStream stream) {
        return new PrintWriter(new OutputStreamWriter(new BufferedOutputStream(stream), StandardCharsets.UTF_8), false);
    }
}
