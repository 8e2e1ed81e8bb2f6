package dev.stowage.cli.check;

import dev.stowage.cli.output.ImageCheck;
import dev.stowage.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;

/** One line about a whole run of {@code stowage check}. */
final class Summary {

    private Summary() {}

    /**
     * @param checks the results
     * @param images the number of different images that were requested
     * @param passedOver the number of objects without pods
     */
    static String of(List<ImageCheck> checks, int images, int passedOver) {
        List<String> parts = new ArrayList<>();
        if (checks.isEmpty()) {
            parts.add("nothing to check");
        } else {
            long bad = count(checks, Verdict.DoesNotRun.class);
            long open = count(checks, Verdict.Undetermined.class);
            parts.add(several(images, "image") + ", " + several(checks.size(), "check") + ": "
                    + (checks.size() - bad - open) + " run, " + bad + " do not, " + open + " undetermined");
        }
        if (passedOver > 0) {
            parts.add(several(passedOver, "object") + " without pods passed over");
        }
        return String.join("; ", parts);
    }

    private static long count(List<ImageCheck> checks, Class<? extends Verdict> kind) {
        return checks.stream().filter(check -> kind.isInstance(check.verdict())).count();
    }

    private static String several(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
