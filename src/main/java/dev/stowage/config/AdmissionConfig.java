package dev.stowage.config;

import dev.stowage.config.Converters.AdmissionDeadline;
import dev.stowage.policy.Action;
import dev.stowage.policy.Mode;
import dev.stowage.policy.Placement;
import dev.stowage.text.Glob;
import dev.stowage.verdict.Assessor.Verification;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The policy. */
public interface AdmissionConfig {

    /** The mode of namespaces without a mode of their own. */
    @WithDefault("enforce")
    Mode mode();

    /** Which of the eligible nodes must be able to run a workload. */
    @WithDefault("all")
    Placement placement();

    /** The placement of pods that have a controlling owner. */
    @WithDefault("any")
    Placement ownedPodPlacement();

    /** The action for images that could not be checked. */
    @WithDefault("warn")
    Action onUnresolved();

    /** The action for tags and repositories that do not exist. */
    @WithDefault("warn")
    Action onNotFound();

    /** What happens with an image of which it depends on something unseen of the node whether it runs. */
    @WithDefault("warn")
    Action onUncertain();

    /** Whether pods may choose the mode {@code warn}, {@code audit} or {@code off} by an annotation. */
    @WithDefault("false")
    boolean workloadOptOut();

    /** The extent of the check before an admission request is answered. */
    @WithDefault("index")
    Verification verify();

    /** Within what time an admission request is answered, whatever registries do. */
    @WithDefault("5s")
    @WithConverter(AdmissionDeadline.class)
    Duration admissionDeadline();

    /** The largest workload that is checked. */
    ReviewBudgetConfig reviewBudget();

    /** Images and requests that are not checked. */
    ExemptionsConfig exemptions();

    /** Images and requests that are not checked. */
    interface ExemptionsConfig {

        /** Images, by glob over the full reference ({@code registry.example/team/*}). */
        Optional<List<Glob>> images();

        /** Users by name. */
        Optional<List<Glob>> users();

        /** Groups by name. */
        Optional<List<Glob>> groups();

        /** Service accounts, as {@code namespace/name}. */
        Optional<List<Glob>> serviceAccounts();

        /** Namespaces, by name or glob. */
        Optional<List<Glob>> namespaces();
    }
}
