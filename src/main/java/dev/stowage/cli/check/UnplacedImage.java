package dev.stowage.cli.check;

import dev.stowage.cli.output.ImageCheck;
import dev.stowage.text.WordList;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The results for an image of a custom resource, of which it is not known where its pods may run: one platform is enough. */
final class UnplacedImage {

    private static final int PLATFORMS_NAMED = 6;

    private UnplacedImage() {}

    /** Of the results for all platforms those that count. */
    static List<ImageCheck> best(List<ImageCheck> checks) {
        List<ImageCheck> running = of(Verdict.Runs.class, checks);
        if (!running.isEmpty()) {
            Set<String> others = new LinkedHashSet<>();
            checks.stream().filter(check -> !running.contains(check)).forEach(check -> others.add(check.platform()));
            return others.isEmpty()
                    ? running
                    : running.stream().map(check -> warned(check, others)).toList();
        }
        List<ImageCheck> possible = of(Verdict.Undetermined.class, checks);
        return possible.isEmpty() ? checks.stream().map(UnplacedImage::lenient).toList() : possible;
    }

    private static List<ImageCheck> of(Class<? extends Verdict> kind, List<ImageCheck> checks) {
        return checks.stream().filter(check -> kind.isInstance(check.verdict())).toList();
    }

    private static ImageCheck warned(ImageCheck check, Set<String> others) {
        List<String> warnings = new ArrayList<>(((Verdict.Runs) check.verdict()).warnings());
        warnings.add("not on " + WordList.of(others, PLATFORMS_NAMED) + "; where its pods may run is not known");
        return with(check, new Verdict.Runs(warnings));
    }

    /** A field may have the form of a reference and mean something else. */
    private static ImageCheck lenient(ImageCheck check) {
        return check.verdict().reason() == Reason.NOT_FOUND
                ? with(
                        check,
                        new Verdict.Undetermined(
                                Reason.NOT_FOUND, check.verdict().message()))
                : check;
    }

    private static ImageCheck with(ImageCheck check, Verdict verdict) {
        return new ImageCheck(check.image(), check.profile(), verdict, check.source());
    }
}
