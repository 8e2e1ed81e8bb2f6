package dev.stowage.workload;

import dev.stowage.node.EligibleNodes;
import dev.stowage.node.NodeFacts;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A workload that is created or updated. What was there before is not judged again, however wrong it is: an old, wrong
 * Deployment can be scaled, labelled, finished and deleted.
 *
 * @param before the workload as it was; empty when it is created
 * @param after the workload as it shall be
 */
public record WorkloadChange(Optional<Workload> before, Workload after) {

    public WorkloadChange {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
    }

    /**
     * The images that this change brings: all of them when the workload is new, or when its pods may now land on nodes of other
     * profiles than before; else those that no container (or no volume) had before. An image that only moves from one
     * container to another is nothing new.
     *
     * @param nodes the nodes and declared pools there are
     */
    public List<ImageUse> images(Collection<NodeFacts> nodes) {
        if (before.isEmpty() || placesElsewhere(before.get(), nodes)) {
            return after.images();
        }
        Set<Pull> had = new HashSet<>();
        before.get().images().forEach(use -> had.add(Pull.of(use)));
        return after.images().stream()
                .filter(use -> !had.contains(Pull.of(use)))
                .toList();
    }

    /**
     * The ephemeral containers' images that this change brings; nothing else can change through
     * {@code pods/ephemeralcontainers}.
     */
    public List<ImageUse> ephemeralImages() {
        Set<Pull> had = new HashSet<>();
        before.ifPresent(workload -> workload.images().forEach(use -> had.add(Pull.of(use))));
        return after.images().stream()
                .filter(use -> use.role() == ImageUse.Role.EPHEMERAL && !had.contains(Pull.of(use)))
                .toList();
    }

    /** Rules that differ in words alone, such as tolerations the API server fills in, change no profile and judge nothing. */
    private boolean placesElsewhere(Workload was, Collection<NodeFacts> all) {
        if (!was.runtimeClass().equals(after.runtimeClass())) {
            return true;
        }
        if (was.scheduling().equals(after.scheduling()) || isBound(was)) {
            return false;
        }
        EligibleNodes then = EligibleNodes.of(was.scheduling(), all);
        EligibleNodes now = EligibleNodes.of(after.scheduling(), all);
        return then.basis() != now.basis()
                || !then.byProfile().keySet().equals(now.byProfile().keySet());
    }

    private boolean isBound(Workload was) {
        return was.scheduling().nodeName().isPresent()
                && was.scheduling().nodeName().equals(after.scheduling().nodeName());
    }

    /** What of an image's use makes a difference to a node. */
    private record Pull(String image, boolean mounted, boolean neverPulled) {
        static Pull of(ImageUse use) {
            return new Pull(use.image(), use.role() == ImageUse.Role.VOLUME, use.neverPulled());
        }
    }
}
