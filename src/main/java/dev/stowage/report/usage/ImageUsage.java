package dev.stowage.report.usage;

import dev.stowage.node.SchedulingRules;
import dev.stowage.verdict.Assessor;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.Workload;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The users of an image in a namespace.
 *
 * @param users sorted, each once
 */
public record ImageUsage(List<ImageUser> users) {

    private static final Comparator<ImageUser> ORDER =
            Comparator.comparing(ImageUser::kind).thenComparing(ImageUser::name).thenComparing(ImageUser::container);

    /** No users; after the order, which it needs. */
    public static final ImageUsage NONE = new ImageUsage(List.of());

    public ImageUsage {
        users = users.stream().sorted(ORDER).toList();
    }

    /**
     * One container of one workload.
     *
     * @param kind the kind of the workload that is at the top of the chain of owners
     * @param name its name
     * @param apiVersion its API version; empty when it is not among the watched
     * @param uid its identity; empty when it is not among the watched
     * @param container the container's or volume's name
     * @param role the role of the image in its pods
     * @param neverPulled whether no registry is needed for it
     * @param data whether the container runs a program from a volume
     * @param pods the pods, as their template or, where that is not known, one of them says
     */
    public record ImageUser(
            String kind,
            String name,
            String apiVersion,
            String uid,
            String container,
            ImageUse.Role role,
            boolean neverPulled,
            boolean data,
            Workload pods) {}

    /** The same without the modes that pods choose, for a configuration in which they have no effect. */
    public ImageUsage withoutModes() {
        return new ImageUsage(users.stream()
                .map(user -> new ImageUser(
                        user.kind,
                        user.name,
                        user.apiVersion,
                        user.uid,
                        user.container,
                        user.role,
                        user.neverPulled,
                        user.data,
                        user.pods.withModeAnnotation(Optional.empty())))
                .toList());
    }

    public boolean isEmpty() {
        return users.isEmpty();
    }

    /** The scheduling rules of its pods, each once. */
    public Set<SchedulingRules> rules() {
        return users.stream()
                .map(user -> user.pods().scheduling())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Whether no user pulls it from a registry. */
    public boolean neverPulled() {
        return !users.isEmpty() && users.stream().allMatch(ImageUser::neverPulled);
    }

    /** The purpose of the image; running it requires more of it than mounting it. */
    public Assessor.Purpose purpose() {
        boolean mounted = !users.isEmpty() && users.stream().allMatch(user -> user.role() == ImageUse.Role.VOLUME);
        if (mounted) {
            return Assessor.Purpose.MOUNT;
        }
        boolean files =
                !users.isEmpty() && users.stream().allMatch(user -> user.role() == ImageUse.Role.VOLUME || user.data());
        if (files) {
            return Assessor.Purpose.DATA;
        }
        boolean special =
                users.stream().anyMatch(user -> user.pods().runtimeClass().isPresent());
        return special ? Assessor.Purpose.RUN_BY_RUNTIME_CLASS : Assessor.Purpose.RUN;
    }

    /** The workload whose credentials it is read with: one that names pull secrets, if any does. */
    public Optional<Workload> reader() {
        return users.stream().map(ImageUser::pods).min(Comparator.comparing(pods -> pods.pullSecrets()
                .isEmpty()));
    }
}
