package dev.stowage.cluster.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What an informer remembers of each object: the facts read from it, and as much of its metadata as the
 * informer compares. A node object is some 15 kB, most of it the list of its images; its facts are a few hundred bytes.
 *
 * @param <T> the kind of object
 * @param <F> the facts; compared by {@code equals}
 */
final class FactStore<T extends HasMetadata, F> implements ItemStore<T> {

    private record Entry<T, F>(T skeleton, F facts) {}

    private final Map<String, Entry<T, F>> entries = new ConcurrentHashMap<>();
    private final AtomicLong version = new AtomicLong();
    private final Function<T, F> reader;
    private final Function<ObjectMeta, T> skeletons;
    private final BiConsumer<F, F> changed;

    /**
     * @param reader reads the facts
     * @param skeletons makes an object that has nothing but this metadata
     */
    FactStore(Function<T, F> reader, Function<ObjectMeta, T> skeletons) {
        this(reader, skeletons, (before, after) -> {});
    }

    /**
     * @param reader reads the facts
     * @param skeletons makes an object that has nothing but this metadata
     * @param changed is notified of every change of facts, before and after, null for none; called in the order of changes
     */
    FactStore(Function<T, F> reader, Function<ObjectMeta, T> skeletons, BiConsumer<F, F> changed) {
        this.changed = Objects.requireNonNull(changed, "changed");
        this.reader = Objects.requireNonNull(reader, "reader");
        this.skeletons = Objects.requireNonNull(skeletons, "skeletons");
    }

    /** Counts the changes of facts, not of objects: a heartbeat in a node's status changes nothing here. */
    long version() {
        return version.get();
    }

    /** The facts of all objects, by name; may change while it is read. */
    Stream<Map.Entry<String, F>> facts() {
        return entries.entrySet().stream()
                .map(entry -> Map.entry(entry.getKey(), entry.getValue().facts()));
    }

    /** The facts of one object; null when there is none of this name. */
    F factsOf(String name) {
        Entry<T, F> entry = entries.get(name);
        return entry == null ? null : entry.facts();
    }

    @Override
    public String getKey(T object) {
        String namespace = object.getMetadata().getNamespace();
        String name = object.getMetadata().getName();
        return namespace == null ? name : namespace + "/" + name;
    }

    @Override
    public T put(String key, T object) {
        ObjectMeta metadata = object.getMetadata();
        T skeleton = skeletons.apply(new ObjectMetaBuilder()
                .withName(metadata.getName())
                .withNamespace(metadata.getNamespace())
                .withUid(metadata.getUid())
                .withResourceVersion(metadata.getResourceVersion())
                .build());
        F facts = reader.apply(object);
        Entry<T, F> old = entries.put(key, new Entry<>(skeleton, facts));
        if (old == null || !old.facts().equals(facts)) {
            version.incrementAndGet();
            changed.accept(old == null ? null : old.facts(), facts);
        }
        return old == null ? null : old.skeleton();
    }

    @Override
    public T remove(String key) {
        Entry<T, F> old = entries.remove(key);
        if (old == null) {
            return null;
        }
        version.incrementAndGet();
        changed.accept(old.facts(), null);
        return old.skeleton();
    }

    @Override
    public Stream<String> keySet() {
        return entries.keySet().stream();
    }

    @Override
    public Stream<T> values() {
        return entries.values().stream().map(Entry::skeleton);
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public T get(String key) {
        Entry<T, F> entry = entries.get(key);
        return entry == null ? null : entry.skeleton();
    }

    @Override
    public boolean isFullState() {
        return false;
    }
}
