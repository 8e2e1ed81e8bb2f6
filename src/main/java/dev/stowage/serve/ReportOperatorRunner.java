package dev.stowage.serve;

import dev.stowage.config.StowageConfig;
import dev.stowage.kube.OwnNamespace;
import dev.stowage.report.ReportContext;
import dev.stowage.report.ReportOperator;
import dev.stowage.report.ReportSeeds;
import dev.stowage.report.ReportSettings;
import dev.stowage.report.ReportSettings.LeaseSettings;
import dev.stowage.report.SeedLoader;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Runs the operator in the process of the webhook, if {@code reports.enabled} is set. */
final class ReportOperatorRunner implements AutoCloseable {

    private static final Duration AFTER_READY = Duration.ofSeconds(2);
    private static final Duration WITHOUT_ADMISSION = Duration.ofSeconds(15);

    private final Optional<ReportOperator> operator;
    private final Optional<SeedLoader> loader;

    private ReportOperatorRunner(Optional<ReportOperator> operator, Optional<SeedLoader> loader) {
        this.operator = operator;
        this.loader = loader;
    }

    /**
     * Makes it, if the configuration wants reports: from now on it takes denials.
     *
     * @param environment the environment's variables, which may name the pod and its namespace
     * @param observers those of the webhook's answers
     */
    static ReportOperatorRunner of(
            StowageConfig config,
            Map<String, String> environment,
            KubernetesClient client,
            AdmissionComponents components,
            AdmissionObservers observers,
            MeterRegistry meters) {
        if (!config.reports().enabled()) {
            return new ReportOperatorRunner(Optional.empty(), Optional.empty());
        }
        Optional<ReportSeeds> seeds = config.reports().seed()
                ? Optional.of(new ReportSeeds(components.seeds(), config.defaultRegistry(), Clock.systemUTC()))
                : Optional.empty();
        String namespace = OwnNamespace.orUsual(environment);
        String identity = Optional.ofNullable(environment.get("POD_NAME"))
                        .or(() -> Optional.ofNullable(environment.get("HOSTNAME")))
                        .orElse("stowage")
                + "-" + UUID.randomUUID();
        ReportOperator operator = new ReportOperator(new ReportContext(
                client,
                ReportSettings.of(
                        config, LeaseSettings.usual(namespace, config.reports().lease(), identity)),
                components.assessor(),
                components.nodes(),
                components.keyrings(),
                seeds,
                meters,
                Clock.systemUTC(),
                () -> ThreadLocalRandom.current().nextDouble(),
                components::steers));
        components.previewFrom(operator.reportedImages());
        observers.add(operator.denials());
        observers.add(operator.ownerEvents());
        observers.addOfSteering(operator.steeringEvents());
        Optional<SeedLoader> loader = seeds.map(taken -> new SeedLoader(client, taken));
        loader.ifPresent(SeedLoader::start);
        return new ReportOperatorRunner(Optional.of(operator), loader);
    }

    /**
     * Starts it a moment after this completes, so that the first reviews have the processors to themselves; after a while in any
     * case, since reports can be kept where admission cannot be served.
     */
    void startAfter(CompletableFuture<Void> ready) {
        Executor later = CompletableFuture.delayedExecutor(AFTER_READY.toMillis(), TimeUnit.MILLISECONDS);
        ready.copy()
                .completeOnTimeout(null, WITHOUT_ADMISSION.toMillis(), TimeUnit.MILLISECONDS)
                .thenRunAsync(() -> operator.ifPresent(ReportOperator::start), later);
    }

    /** The problem that prevents reports, or the replica that leads; for the readiness probe, which does not wait for it. */
    String state() {
        if (operator.isEmpty()) {
            return "off";
        }
        return operator.get().problem().orElse(operator.get().leading() ? "kept by this replica" : "standing by");
    }

    /** The verdicts of reports: readiness waits for them, but not for long, since images can be read again. */
    ReadinessCondition seeds() {
        return new ReadinessCondition(
                "seeds", () -> loader.map(SeedLoader::settled).orElse(true), () -> loader.map(SeedLoader::state)
                        .orElse("off"));
    }

    @Override
    public void close() {
        loader.ifPresent(SeedLoader::close);
        operator.ifPresent(ReportOperator::close);
    }
}
