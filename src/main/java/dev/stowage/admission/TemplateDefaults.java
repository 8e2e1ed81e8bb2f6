package dev.stowage.admission;

import dev.stowage.workload.Workload;
import java.util.Optional;

/**
 * The scheduling rules that the API server's own admission adds to pods of a template: the node selector and tolerations of a
 * RuntimeClass, the node selector of a namespace. Stowage sees pods only after they were added.
 */
@FunctionalInterface
public interface TemplateDefaults {

    /** Adds nothing. */
    TemplateDefaults NONE = workload -> workload;

    /** Returns the workload with what its pods will get; from memory, never blocks. */
    Workload applyTo(Workload template);

    /**
     * The reason why the API server will reject the pods of this template.
     *
     * @param template the template, in its namespace, before or after {@link #applyTo}
     * @return a clause that follows "the API server will reject its pods:"; empty if no reason is known. From memory, never blocks
     */
    default Optional<String> refusal(Workload template) {
        return Optional.empty();
    }
}
