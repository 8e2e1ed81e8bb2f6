package dev.stowage.cli.check;

import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.ImageCheck;
import dev.stowage.verdict.Verdict;
import java.util.List;
import java.util.Locale;

/** The results that {@code stowage check} and {@code stowage scan} fail for; the constants are the values of {@code --fail-on}. */
public enum FailOn {
    /** Images that do not run. */
    DOES_NOT_RUN,
    /** Images that do not run, and those of which nothing could be determined. */
    UNDETERMINED;

    /** The exit code of these results. */
    int exitCode(List<ImageCheck> checks) {
        return exitCode(
                checks.stream().anyMatch(check -> check.verdict() instanceof Verdict.DoesNotRun),
                checks.stream().anyMatch(check -> check.verdict() instanceof Verdict.Undetermined));
    }

    /**
     * The exit code.
     *
     * @param doesNotRun whether something does not run
     * @param undetermined whether something could not be determined
     */
    public int exitCode(boolean doesNotRun, boolean undetermined) {
        if (doesNotRun) {
            return ExitCode.DOES_NOT_RUN;
        }
        return this == UNDETERMINED && undetermined ? ExitCode.UNDETERMINED : ExitCode.RUNS;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
