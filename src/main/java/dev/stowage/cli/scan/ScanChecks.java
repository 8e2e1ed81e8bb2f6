package dev.stowage.cli.scan;

import dev.stowage.cli.output.ImageCheck;
import dev.stowage.image.Printable;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows of a scan as results of a check: one for each image, node profile and workload that uses it. */
final class ScanChecks {

    /** As {@code check} names what has no file. */
    private static final String NO_FILE = "-";

    private ScanChecks() {}

    static List<ImageCheck> of(ScanResult result) {
        List<ImageCheck> checks = new ArrayList<>();
        for (ScanRow row : result.rows()) {
            row.verdicts().forEach((profile, verdict) -> row.status()
                    .usedBy()
                    .forEach(user -> checks.add(new ImageCheck(
                            Printable.of(row.image()),
                            profile,
                            ofReport(verdict),
                            Optional.of(new ImageCheck.Source(
                                    user.kind(),
                                    user.name(),
                                    row.namespace(),
                                    user.container() == null ? "" : user.container(),
                                    "",
                                    NO_FILE,
                                    1))))));
        }
        return checks;
    }

    /** An image that does not exist lacks no platform; it may be pushed later. */
    private static Verdict ofReport(Verdict verdict) {
        return verdict.reason() == Reason.NOT_FOUND
                ? new Verdict.Undetermined(verdict.reason(), verdict.message())
                : verdict;
    }
}
