package dev.stowage.serve;

import dev.stowage.cluster.OwnNamespace;
import dev.stowage.config.StowageConfig;
import dev.stowage.report.ReportContext;
import dev.stowage.report.ReportOperator;
import dev.stowage.report.ReportSettings;
import dev.stowage.report.ReportSettings.LeaseSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** The operator beside the webhook, where reports are asked for. */
final class Reports implements AutoCloseable {

    /** Where the manifests put Stowage. */
    private static final String USUAL_NAMESPACE = "stowage";

    private final Optional<ReportOperator> operator;

    private Reports(Optional<ReportOperator> operator) {
        this.operator = operator;
    }

    /**
     * Starts it, if the configuration wants reports.
     *
     * @param environment the environment's variables, which may name the pod and its namespace
     * @param answers told of what the webhook answers
     */
    static Reports start(
            StowageConfig config,
            Map<String, String> environment,
            KubernetesClient client,
            ConfiguredReviews reviews,
            Listeners answers,
            MeterRegistry meters) {
        if (!config.reports().enabled()) {
            return new Reports(Optional.empty());
        }
        String namespace = OwnNamespace.find(environment).orElse(USUAL_NAMESPACE);
        String identity = Optional.ofNullable(environment.get("POD_NAME"))
                        .or(() -> Optional.ofNullable(environment.get("HOSTNAME")))
                        .orElse("stowage")
                + "-" + UUID.randomUUID();
        ReportOperator operator = new ReportOperator(new ReportContext(
                client,
                ReportSettings.of(config, LeaseSettings.usual(namespace, identity)),
                reviews.assessor(),
                reviews.nodes(),
                reviews.keyrings(),
                meters,
                Clock.systemUTC(),
                () -> ThreadLocalRandom.current().nextDouble()));
        answers.add(operator.denials());
        operator.start();
        return new Reports(Optional.of(operator));
    }

    /** What keeps reports from being kept, or who keeps them; for the readiness probe, which does not wait for it. */
    String state() {
        if (operator.isEmpty()) {
            return "off";
        }
        return operator.get().problem().orElse(operator.get().leading() ? "kept by this replica" : "standing by");
    }

    @Override
    public void close() {
        operator.ifPresent(ReportOperator::close);
    }
}
