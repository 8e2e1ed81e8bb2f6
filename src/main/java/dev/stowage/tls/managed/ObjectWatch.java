package dev.stowage.tls.managed;

import dev.stowage.kube.MissingPermission;
import dev.stowage.log.ThrottledLog;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.function.UnaryOperator;

/** Notifies of every change of one object. While watching is not permitted, or fails, it is retried without end. */
final class ObjectWatch<T extends HasMetadata> implements AutoCloseable {

    private final String key;
    private final UnaryOperator<String> right;
    private final ThrottledLog problems;
    private final SharedIndexInformer<T> informer;

    /**
     * @param object the object's name in messages
     * @param right the permission that this needs (a verb), for messages
     * @param wake called on changes, on a thread of the client's; must not block
     */
    ObjectWatch(
            String object,
            UnaryOperator<String> right,
            Informable<T> informable,
            Runnable wake,
            ThrottledLog problems) {
        this.key = "watch on " + object;
        this.right = right;
        this.problems = problems;
        this.informer = informable.runnableInformer(0);
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(T added) {
                wake.run();
            }

            @Override
            public void onUpdate(T before, T after) {
                wake.run();
            }

            @Override
            public void onDelete(T deleted, boolean unknown) {
                wake.run();
            }
        });
        informer.exceptionHandler((started, failure) -> {
            report(failure);
            return true;
        });
    }

    void start() {
        informer.start();
    }

    /** Whether the watch is open. */
    boolean isWatching() {
        boolean watching = informer.isWatching();
        if (watching) {
            problems.resolve(key);
        }
        return watching;
    }

    @Override
    public void close() {
        informer.stop();
    }

    /** Only a missing permission is worth a word: whatever else keeps it from watching shows in what it then cannot read. */
    private void report(Throwable failure) {
        MissingPermission.in(failure, informer.getApiTypeClass())
                .ifPresent(lacking -> problems.report(
                        key,
                        "checks every few seconds, because the ServiceAccount lacks the permission "
                                + right.apply(lacking.verb()) + " to watch it"));
    }
}
