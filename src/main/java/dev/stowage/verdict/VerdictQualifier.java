package dev.stowage.verdict;

import dev.stowage.image.Repository;
import dev.stowage.registry.Content;
import dev.stowage.registry.Keyring;
import dev.stowage.resolve.ResolvedImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Qualifies a verdict by how its facts were obtained: from a stale response because the registry could not be reached again, or
 * without credentials that could not be read.
 */
public final class VerdictQualifier {

    private static final String AGED = "from a registry response ";

    private VerdictQualifier() {}

    static Verdict of(Verdict verdict, ResolvedImage image, Keyring keyring, List<String> problems) {
        boolean refused =
                switch (verdict.reason()) {
                    case NOT_FOUND, UNAUTHORIZED, FORBIDDEN -> true;
                    default -> false;
                };
        if (refused) {
            return refused(verdict, keyring, image.reference().repository(), problems);
        }
        return image.stale().map(stale -> aged(verdict, stale)).orElse(verdict);
    }

    /** Registries hide private repositories, so a denied request means little if credentials are missing. */
    private static Verdict refused(Verdict verdict, Keyring keyring, Repository repository, List<String> problems) {
        List<String> clauses = new ArrayList<>(List.of(verdict.message()));
        clauses.addAll(keyring.notes(repository));
        clauses.addAll(problems);
        if (verdict.reason() != Reason.NOT_FOUND) {
            keyring.permission(repository).ifPresent(clauses::add);
        }
        boolean complete = keyring.complete(repository) && problems.isEmpty();
        if (complete && clauses.size() == 1) {
            return verdict;
        }
        String message = String.join("; ", clauses);
        return complete && verdict instanceof Verdict.DoesNotRun
                ? new Verdict.DoesNotRun(verdict.reason(), message)
                : new Verdict.Undetermined(undetermined(verdict.reason()), message);
    }

    /** Without credentials a registry may respond "not found" for a private repository. */
    private static Reason undetermined(Reason reason) {
        return reason == Reason.NOT_FOUND ? Reason.UNAUTHORIZED : reason;
    }

    /** The verdict with a remark that it rests on the last known response. */
    static Verdict aged(Verdict verdict, Content.Stale stale) {
        String words = inWords(stale.age()) + " ago; the latest request failed ("
                + stale.cause().kind().label() + "): " + stale.cause().reason();
        if (verdict instanceof Verdict.Runs runs) {
            List<String> warnings = new ArrayList<>(runs.warnings());
            warnings.add("known only " + AGED + words);
            return new Verdict.Runs(warnings);
        }
        if (verdict instanceof Verdict.DoesNotRun doesNot) {
            return new Verdict.DoesNotRun(doesNot.reason(), doesNot.message() + " (" + AGED + words + ")");
        }
        return verdict;
    }

    /** Whether a verdict's message says that it rests on an old response. */
    public static boolean isAged(String message) {
        return message.contains(AGED);
    }

    private static String inWords(Duration age) {
        return age.toMinutes() == 0 ? age.toSeconds() + " s" : age.toMinutes() + " min";
    }
}
