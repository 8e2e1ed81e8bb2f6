package dev.stowage.soak;

import dev.stowage.platform.NodeProfile;
import dev.stowage.verdict.Reason;
import dev.stowage.verdict.Verdict;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An image of the soak and what is true of it, by profile and time. */
final class SoakImage {

    /** What a node would say too, had the registry answered it the same. */
    private static final Set<Reason> REGISTRY_SAYS_SO =
            EnumSet.of(Reason.NOT_FOUND, Reason.CONTENT_MISSING, Reason.INVALID, Reason.TOO_LARGE);

    private final String repository;
    private final String reference;
    private final SoakFaults faults;
    private final Set<String> readers;
    /** A verdict's label for each profile. */
    private final Truths<Map<NodeProfile, String>> truths = new Truths<>();

    /**
     * @param repository its path
     * @param reference the image as a pod would name it
     * @param faults what is done to its registry's answers
     * @param readers the tenants who may read it
     */
    SoakImage(String repository, String reference, SoakFaults faults, Set<String> readers) {
        this.repository = repository;
        this.reference = reference;
        this.faults = faults;
        this.readers = Set.copyOf(readers);
    }

    /** From now on this is true: {@code Runs}, {@code DoesNotRun} or {@code Undetermined} for each profile. */
    void becomes(Map<NodeProfile, String> labels) {
        truths.becomes(Map.copyOf(labels));
    }

    String reference() {
        return reference;
    }

    Set<NodeProfile> profiles() {
        return truths.first().keySet();
    }

    /**
     * What is wrong with a verdict that has just been given; empty when it is true or honestly open.
     *
     * @param tenant who asked
     * @param readsAll whether what the index claims was verified too; a lying index may else be believed
     * @param window how old, in seconds, what the verdict rests on may be
     * @param remembered how long, in seconds, the client may go on believing a lie
     */
    Optional<String> objection(
            Verdict verdict, NodeProfile profile, String tenant, boolean readsAll, long window, long remembered) {
        if (verdict instanceof Verdict.Undetermined) {
            return Optional.empty();
        }
        boolean runs = verdict instanceof Verdict.Runs;
        if (readers.contains(tenant)) {
            boolean believed = runs && !readsAll;
            if (believed || wasTrue(verdict.label(), profile, window)) {
                return Optional.empty();
            }
        }
        if (!runs && REGISTRY_SAYS_SO.contains(verdict.reason()) && faults.liedAbout(repository, remembered)) {
            return Optional.empty();
        }
        return Optional.of(reference + " for " + tenant + " on " + profile + ": " + verdict);
    }

    private boolean wasTrue(String label, NodeProfile profile, long window) {
        return truths.anyWithin(window, labels -> label.equals(labels.get(profile)));
    }
}
