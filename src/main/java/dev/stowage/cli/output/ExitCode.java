package dev.stowage.cli.output;

/** The exit codes of commands; the numbers are an interface, see docs/cli.md. */
public final class ExitCode {

    /** Every image runs on every platform requested. */
    public static final int RUNS = 0;
    /** Some image does not run on some platform. */
    public static final int DOES_NOT_RUN = 1;
    /** Something could not be determined, and nothing is known not to run. */
    public static final int UNDETERMINED = 2;
    /** The command or its input is not usable (sysexits.h, EX_USAGE). */
    public static final int USAGE = 64;
    /** A fault of Stowage's own (EX_SOFTWARE). */
    public static final int FAULT = 70;

    private ExitCode() {}
}
