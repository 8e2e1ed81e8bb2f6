package dev.stowage.cli.output;

import dev.stowage.image.ImageReference;
import dev.stowage.registry.RegistryFailure;

/** Ends a command with a message for the user and an exit code. */
public final class StoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /**
     * @param exitCode see {@link ExitCode}
     * @param message the problem and its fix, a sentence a line
     */
    public StoppedException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** An image that could not be read, with the code that says whether that is certain to stay so. */
    public static StoppedException unreadable(ImageReference image, RegistryFailure failure) {
        return new StoppedException(
                failure.kind().undetermined() ? ExitCode.UNDETERMINED : ExitCode.DOES_NOT_RUN,
                image + ": " + failure.kind().label() + ": " + failure.reason());
    }

    public int exitCode() {
        return exitCode;
    }
}
