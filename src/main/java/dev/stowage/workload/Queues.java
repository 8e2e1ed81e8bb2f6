package dev.stowage.workload;

import dev.stowage.json.JsonFields;
import java.util.Optional;
import java.util.Set;

/** Recognizes workloads that wait in a queue of Kueue, which adds node selectors when it starts them. */
final class Queues {

    static final String QUEUE_LABEL = "kueue.x-k8s.io/queue-name";

    /** Kinds that cannot be suspended: Kueue holds their pods back instead, with scheduling gates. */
    private static final Set<String> NEVER_SUSPENDED = Set.of("Deployment", "StatefulSet", "LeaderWorkerSet");

    private Queues() {}

    /** Whether a queue decides later where the pods of this object run. */
    static boolean place(String kind, JsonFields object) {
        boolean queued = object.someObject("metadata")
                .flatMap(metadata -> metadata.someObject("labels"))
                .filter(labels -> labels.has(QUEUE_LABEL))
                .isPresent();
        return queued && (NEVER_SUSPENDED.contains(kind) || isSuspended(object.someObject("spec")));
    }

    private static boolean isSuspended(Optional<JsonFields> spec) {
        return spec.filter(Queues::suspend).isPresent()
                || spec.flatMap(fields -> fields.someObject("runPolicy"))
                        .filter(Queues::suspend)
                        .isPresent();
    }

    private static boolean suspend(JsonFields fields) {
        return fields.isTrue("suspend");
    }
}
