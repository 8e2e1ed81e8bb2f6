package dev.stowage.report.usage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.stowage.cluster.watch.WorkloadListener;
import dev.stowage.node.SchedulingRules;
import dev.stowage.report.usage.ImageUsage.ImageUser;
import dev.stowage.workload.ImageUse;
import dev.stowage.workload.ObservedWorkload;
import dev.stowage.workload.ObservedWorkload.Owner;
import dev.stowage.workload.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The images in use in each namespace. Templates of workloads and pods count; a pod counts for the workload at the top of its chain of
 * owners. ReplicaSets and Jobs with an owner count for nothing themselves: old ones are kept for going back, not in use.
 *
 * <p>Pods of one owner that use an image in the same way are one entry with a count, so that a hundred thousand pods make no more
 * entries than their owners do, and listeners are not notified of each pod.
 */
public final class UsageIndex implements WorkloadListener {

    private static final int CHAIN = 8;

    /** Characters of references that are kept in full, with an allowance for each; users choose how long they are. */
    private static final int REFERENCES = 16_000_000;

    private static final int ALLOWANCE = 100;

    /** Kinds whose template says the same as their pods, except for the node of each pod. */
    private static final Set<String> WATCHED_MAKERS =
            Set.of("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicationController");

    private record Place(String namespace, String kind, String name) {}

    /** One way in which the pods of one owner use an image; the rules are null if the owner's template has them. */
    private record Use(Owner holder, ImageUse use, SchedulingRules rules, Workload sample) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Use that
                    && holder.equals(that.holder)
                    && use.equals(that.use)
                    && Objects.equals(rules, that.rules)
                    // the template says it of its pods
                    && (rules == null || sample.modeAnnotation().equals(that.sample.modeAnnotation()));
        }

        @Override
        public int hashCode() {
            return Objects.hash(holder, use);
        }
    }

    private final String defaultRegistry;
    private final Consumer<ImageKey> changed;
    private final Cache<String, String> canonical = Caffeine.newBuilder()
            .maximumWeight(REFERENCES)
            .weigher((String image, String full) -> ALLOWANCE + image.length() + full.length())
            .executor(Runnable::run)
            .build();
    private final Map<ImageKey, Map<Use, Integer>> uses = new HashMap<>();
    private final Map<Place, ObservedWorkload> owners = new HashMap<>();

    /**
     * @param defaultRegistry the registry of names that carry none
     * @param changed is notified of every image whose users may have changed, on the thread that brought the change
     */
    public UsageIndex(String defaultRegistry, Consumer<ImageKey> changed) {
        this.defaultRegistry = defaultRegistry;
        this.changed = changed;
    }

    @Override
    public void changed(ObservedWorkload before, ObservedWorkload after) {
        Map<ImageKey, Boolean> touched = new LinkedHashMap<>();
        synchronized (this) {
            rememberMaker(before, after, touched);
            if (after != null) {
                uses(after)
                        .forEach((key, found) -> found.forEach(use -> {
                            if (uses.computeIfAbsent(key, first -> new HashMap<>(4))
                                            .merge(use, 1, Integer::sum)
                                    == 1) {
                                touched.put(key, true);
                            }
                        }));
            }
            if (before != null) {
                uses(before).forEach((key, found) -> found.forEach(use -> remove(key, use, touched)));
            }
        }
        touched.keySet().forEach(changed);
    }

    private void remove(ImageKey key, Use use, Map<ImageKey, Boolean> touched) {
        Map<Use, Integer> known = uses.get(key);
        if (known == null) {
            return;
        }
        if (known.computeIfPresent(use, (same, count) -> count == 1 ? null : count - 1) == null) {
            touched.put(key, true);
        }
        if (known.isEmpty()) {
            uses.remove(key);
        }
    }

    /** A new, deleted or changed owner changes the scheduling rules of its pods and the topmost owner. */
    private void rememberMaker(ObservedWorkload before, ObservedWorkload after, Map<ImageKey, Boolean> touched) {
        ObservedWorkload either = after == null ? before : after;
        Workload workload = either.any();
        if (workload.kind().equals("Pod")) {
            return;
        }
        Place place = new Place(workload.namespace(), workload.kind(), workload.name());
        if (after == null) {
            owners.remove(place);
        } else {
            owners.put(place, after);
        }
        either.images().forEach(use -> {
            ImageKey key = key(workload.namespace(), use.image());
            if (uses.containsKey(key)) {
                touched.put(key, true);
            }
        });
    }

    private Map<ImageKey, List<Use>> uses(ObservedWorkload observed) {
        Workload any = observed.any();
        boolean pod = any.kind().equals("Pod");
        if (observed.ended() || !pod && observed.owner().isPresent()) {
            return Map.of();
        }
        Owner self = new Owner(any.kind(), any.name());
        Owner holder = pod ? observed.owner().orElse(self) : self;
        boolean knownByMaker = WATCHED_MAKERS.contains(holder.kind());
        Map<ImageKey, List<Use>> found = new HashMap<>();
        for (Workload workload : observed.workloads()) {
            for (ImageUse use : workload.images()) {
                if (ImageKey.reportable(use.image())) {
                    found.computeIfAbsent(key(workload.namespace(), use.image()), first -> new ArrayList<>(1))
                            .add(new Use(holder, use, knownByMaker ? null : workload.scheduling(), workload));
                }
            }
        }
        return found;
    }

    private ImageKey key(String namespace, String image) {
        return new ImageKey(namespace, canonical.get(image, text -> ImageKey.canonical(text, defaultRegistry)));
    }

    /** The key of an image. */
    public ImageKey keyOf(String namespace, String image) {
        return key(namespace, image);
    }

    /** The current users of an image. */
    public synchronized ImageUsage usage(ImageKey key) {
        Map<Use, Integer> known = uses.get(key);
        if (known == null) {
            return ImageUsage.NONE;
        }
        Map<List<Object>, ImageUser> users = new LinkedHashMap<>();
        known.keySet().forEach(use -> {
            ImageUser user = user(key.namespace(), use);
            boolean oneOfSeveral = use.sample().template() && hasSeveralSpecs(key.namespace(), use.holder());
            users.merge(
                    // pods of one template differ by their nodes only, those of several by their rules
                    List.of(
                            user.kind(),
                            user.name(),
                            user.container(),
                            oneOfSeveral ? user.pods().scheduling() : ""),
                    user,
                    // the template knows better than a pod what the next pod will be
                    (one, other) -> one.pods().template() ? one : other);
        });
        return new ImageUsage(List.copyOf(users.values()));
    }

    private boolean hasSeveralSpecs(String namespace, Owner holder) {
        return maker(namespace, holder)
                .filter(made -> made.workloads().size() > 1)
                .isPresent();
    }

    private ImageUser user(String namespace, Use use) {
        Owner top = use.holder();
        Optional<ObservedWorkload> maker = maker(namespace, top);
        Workload pods = maker.filter(made -> made.workloads().size() == 1)
                .map(ObservedWorkload::any)
                .orElse(use.sample());
        for (int i = 0; i < CHAIN && maker.flatMap(ObservedWorkload::owner).isPresent(); i++) {
            top = maker.get().owner().get();
            maker = maker(namespace, top);
        }
        return new ImageUser(
                top.kind(),
                top.name(),
                maker.map(ObservedWorkload::apiVersion).orElse(top.kind().equals("Pod") ? "v1" : ""),
                maker.map(ObservedWorkload::uid).orElse(""),
                use.use().name(),
                use.use().role(),
                use.use().neverPulled(),
                use.use().data(),
                pods);
    }

    private Optional<ObservedWorkload> maker(String namespace, Owner owner) {
        return Optional.ofNullable(owners.get(new Place(namespace, owner.kind(), owner.name())));
    }

    /** All images in use. */
    public synchronized List<ImageKey> keys() {
        return List.copyOf(uses.keySet());
    }

    /** The image as a user of it has written it; the text of the key if it has no users any more. */
    public synchronized String asWritten(ImageKey key) {
        Map<Use, Integer> known = uses.get(key);
        return known == null
                ? key.image()
                : known.keySet().stream()
                        .map(use -> use.use().image())
                        .min(String::compareTo)
                        .orElse(key.image());
    }
}
