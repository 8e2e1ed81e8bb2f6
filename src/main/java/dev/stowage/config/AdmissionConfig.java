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

/** What is decided about images. */
public interface AdmissionConfig {

    /** The mode of namespaces without a mode of their own. */
    @WithDefault("enforce")
    Mode mode();

    /** How many of the eligible nodes have to be able to run a workload. */
    @WithDefault("all")
    Placement placement();

    /** The placement of pods that have a controlling owner. */
    @WithDefault("any")
    Placement ownedPodPlacement();

    /** What happens to images that could not be examined. */
    @WithDefault("warn")
    Action onUnresolved();

    /** What happens to tags and repositories that do not exist. */
    @WithDefault("warn")
    Action onNotFound();

    /** How much is checked before an admission request is answered. */
    @WithDefault("index")
    Verification verify();

    /** Within what time an admission request is answered, whatever registries do. */
    @WithDefault("5s")
    @WithConverter(AdmissionDeadline.class)
    Duration admissionDeadline();

    /** The largest workload that is checked. */
    ReviewBudgetConfig reviewBudget();

    /** What Stowage does not check. */
    ExemptionsConfig exemptions();

    /** What Stowage does not check. */
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
