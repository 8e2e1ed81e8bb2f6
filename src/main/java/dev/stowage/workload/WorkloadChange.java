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
 * A workload that is created or updated. Only new images are checked: an old, wrong Deployment can still be scaled, labelled and
 * deleted.
 *
 * @param before the existing workload; empty if it is created
 * @param after the new workload
 */
public record WorkloadChange(Optional<Workload> before, Workload after) {

    public WorkloadChange {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
    }

    /**
     * The change of one pod spec of an object. One that stands elsewhere than before, because another was added or removed, has not
     * changed; else it is compared with the one that stood in its place.
     *
     * @param before the pod specs of the existing object; none if it is created
     * @param after the new pod spec
     */
    public static WorkloadChange of(List<PodTemplate> before, PodTemplate after) {
        Optional<Workload> same = before.stream()
                .map(PodTemplate::workload)
                .filter(after.workload()::equals)
                .findFirst();
        return new WorkloadChange(
                same.or(() -> before.stream()
                        .filter(was -> was.path().equals(after.path()))
                        .map(PodTemplate::workload)
                        .findFirst()),
                after.workload());
    }

    /**
     * The images that this change adds: all of them if the workload is new, if its pods may now run on nodes of other profiles than
     * before, or if they pull with other credentials; else those that no container (or no volume) had before. An image that only moves from one container to
     * another is not new.
     *
     * @param nodes all nodes and declared pools
     */
    public List<ImageUse> images(Collection<NodeFacts> nodes) {
        if (before.isEmpty() || pullsOtherwise(before.get()) || placesElsewhere(before.get(), nodes)) {
            return after.images();
        }
        Set<Pull> had = new HashSet<>();
        before.get().images().forEach(use -> had.add(Pull.of(use)));
        return after.images().stream()
                .filter(use -> !had.contains(Pull.of(use)))
                .toList();
    }

    /**
     * The images of ephemeral containers that this change adds; nothing else can change through
     * {@code pods/ephemeralcontainers}.
     */
    public List<ImageUse> ephemeralImages() {
        Set<Pull> had = new HashSet<>();
        before.ifPresent(workload -> workload.images().forEach(use -> had.add(Pull.of(use))));
        return after.images().stream()
                .filter(use -> use.role() == ImageUse.Role.EPHEMERAL && !had.contains(Pull.of(use)))
                .toList();
    }

    private boolean pullsOtherwise(Workload was) {
        return !was.pullSecrets().equals(after.pullSecrets())
                || !was.serviceAccount().equals(after.serviceAccount());
    }

    /** Compares profiles, because rules may differ without effect, for example by tolerations that the API server adds. */
    private boolean placesElsewhere(Workload was, Collection<NodeFacts> all) {
        if (!was.runtimeClass().equals(after.runtimeClass())) {
            return true;
        }
        if (was.scheduling().equals(after.scheduling()) || isBound(was)) {
            return false;
        }
        EligibleNodes then = EligibleNodes.of(was.scheduling(), all);
        EligibleNodes now = EligibleNodes.of(after.scheduling(), all);
        return then.basis() != now.basis() || !then.profiles().equals(now.profiles());
    }

    private boolean isBound(Workload was) {
        return was.scheduling().nodeName().isPresent()
                && was.scheduling().nodeName().equals(after.scheduling().nodeName());
    }

    /** The properties of an image's use that matter to a node. */
    private record Pull(String image, boolean mounted, boolean neverPulled, boolean data) {
        static Pull of(ImageUse use) {
            return new Pull(use.image(), use.role() == ImageUse.Role.VOLUME, use.neverPulled(), use.data());
        }
    }
}
