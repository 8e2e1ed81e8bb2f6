package dev.stowage.admission;

import dev.stowage.workload.Workload;
import java.util.Optional;

/**
 * What the API server's own admission will add to pods that are made from a template: a RuntimeClass's node selector and
 * tolerations, a namespace's node selector. Pods have it already when Stowage sees them.
 */
@FunctionalInterface
public interface TemplateDefaults {

    /** Nothing is added. */
    TemplateDefaults NONE = workload -> workload;

    /** The workload as its pods will be; from memory, never blocks. */
    Workload applyTo(Workload template);

    /**
     * Why the API server will refuse the pods of this template when they are created.
     *
     * @param template the template, in its namespace; as it was written, or with what was added
     * @return a clause to follow "the API server will refuse its pods:"; nothing when no reason is known. From memory, never blocks
     */
    default Optional<String> refusal(Workload template) {
        return Optional.empty();
    }
}
