package dev.stowage.cli.check;

import dev.stowage.cli.output.ExitCode;
import dev.stowage.cli.output.ImageCheck;
import dev.stowage.verdict.Verdict;
import java.util.List;
import java.util.Locale;

/** The results that {@code stowage check} fails for; the constants are the values of {@code --fail-on}. */
enum FailOn {
    /** Images that do not run. */
    DOES_NOT_RUN,
    /** Images that do not run, and those of which nothing could be determined. */
    UNDETERMINED;

    /** The exit code of these results. */
    int exitCode(List<ImageCheck> checks) {
        int code = ExitCode.RUNS;
        for (ImageCheck check : checks) {
            if (check.verdict() instanceof Verdict.DoesNotRun) {
                return ExitCode.DOES_NOT_RUN;
            }
            if (this == UNDETERMINED && check.verdict() instanceof Verdict.Undetermined) {
                code = ExitCode.UNDETERMINED;
            }
        }
        return code;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
