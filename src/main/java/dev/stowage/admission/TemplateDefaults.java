package dev.stowage.admission;

import dev.stowage.workload.Workload;

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
}
