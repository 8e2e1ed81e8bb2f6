package dev.stowage.report;

import dev.stowage.admission.KeyringSource;
import dev.stowage.admission.NodeSource;
import dev.stowage.kube.StoredObjects;
import dev.stowage.verdict.Assessor;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;

/**
 * What reports are made with; all of it is the caller's to close.
 *
 * @param client the cluster
 * @param settings how reports are kept
 * @param assessor the engine
 * @param nodes the nodes, from memory
 * @param keyrings the pull credentials of workloads
 * @param seeds takes the verdicts of reports for the engine; empty if they are not to be used
 * @param meters where meters are registered
 * @param clock the time
 * @param chance numbers from 0 to 1, by which scans are spread
 * @param steers whether the pods of a namespace are steered
 */
public record ReportContext(
        KubernetesClient client,
        ReportSettings settings,
        Assessor assessor,
        NodeSource nodes,
        KeyringSource keyrings,
        Optional<ReportSeeds> seeds,
        MeterRegistry meters,
        Clock clock,
        DoubleSupplier chance,
        Predicate<String> steers) {
    public ReportContext {
        client = StoredObjects.typed(client);
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(assessor, "assessor");
        Objects.requireNonNull(nodes, "nodes");
        Objects.requireNonNull(keyrings, "keyrings");
        Objects.requireNonNull(seeds, "seeds");
        Objects.requireNonNull(meters, "meters");
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(chance, "chance");
        Objects.requireNonNull(steers, "steers");
    }

    /** Without steering. */
    public ReportContext(
            KubernetesClient client,
            ReportSettings settings,
            Assessor assessor,
            NodeSource nodes,
            KeyringSource keyrings,
            Optional<ReportSeeds> seeds,
            MeterRegistry meters,
            Clock clock,
            DoubleSupplier chance) {
        this(client, settings, assessor, nodes, keyrings, seeds, meters, clock, chance, namespace -> false);
    }
}
