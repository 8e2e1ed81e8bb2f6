package dev.stowage.cli;

/** How commands end; the numbers are an interface, see docs/cli.md. */
final class ExitCode {

    /** Every image runs on every platform requested. */
    static final int RUNS = 0;
    /** Some image does not run on some platform. */
    static final int DOES_NOT_RUN = 1;
    /** Something could not be determined, and nothing is known not to run. */
    static final int UNDETERMINED = 2;
    /** The command or its input is not usable (sysexits.h, EX_USAGE). */
    static final int USAGE = 64;
    /** A fault of Stowage's own (EX_SOFTWARE). */
    static final int FAULT = 70;

    private ExitCode() {}
}
