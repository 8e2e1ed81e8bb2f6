package dev.stowage.admission;

import dev.stowage.workload.Workload;
import java.util.Optional;

/** A cluster that refuses the pods of every template, for this reason. */
record RefusedPods(String reason) implements TemplateDefaults {

    @Override
    public Workload applyTo(Workload template) {
        return template;
    }

    @Override
    public Optional<String> refusal(Workload template) {
        return Optional.of(reason);
    }
}
