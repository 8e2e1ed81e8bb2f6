package dev.stowage.cli.output;

/** Ends a command with a message for the user and an exit code. */
public final class StoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /**
     * @param exitCode see {@link ExitCode}
     * @param message what is wrong and how to fix it, a sentence a line
     */
    public StoppedException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
